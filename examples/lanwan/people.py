"""Invented people: none of them exists; addresses end in example.org, telephone numbers cannot be dialled."""

import random
from typing import NamedTuple

PEOPLE_COUNT = 232


class Person(NamedTuple):
    id: str
    name_en: str
    name_zh: str
    language: str

    @property
    def email(self) -> str:
        return f"{self.name_en.lower().replace(' ', '.').replace(chr(39), '')}@example.org"

    @property
    def phone(self) -> str:
        # +86 100 is no mobile prefix, so the number belongs to nobody.
        return f"+86 100 0026 {int(self.id[1:]):04d}"


def _tokens(text: str) -> list[str]:
    return text.split()


# The people whom the tutorial and the screenshots name, in the order of their numbers.
NAMED = """
Shen Yuqing|沈雨晴
Wen Zhaolin|文兆麟
Luo Jianming|罗建明
Tan Weiguo|谭维国
He Min|何敏
Ouyang Lei|欧阳磊
Qiu Fang|邱芳
Bao Zhen|鲍桢
Xie Haoran|谢浩然
Ma Ruoxi|马若溪
Gu Peng|顾鹏
Jiang Suwen|江素雯
Ren Kaiyi|任恺一
Du Yanan|杜雅楠
Lu Shiyao|陆诗遥
Cai Wenbo|蔡文博
"""
_FOREIGN = """
Clara Lindqvist|克拉拉·林奎斯特
Tomas Eberhardt|托马斯·埃伯哈特
Amina Belkacem|阿米娜·贝勒卡西姆
Nilo Ferrante|尼洛·费兰特
Oriane Dumasq|奥丽安·杜马斯克
Kofi Asante-Reid|科菲·阿桑特里德
Ingrid Holmsund|英格丽·霍姆松
Mateus Caldeirao|马特乌斯·卡尔代朗
"""
_SURNAMES = _tokens("""
Zhao赵 Qian钱 Sun孙 Zhou周 Wu吴 Zheng郑 Feng冯 Chen陈 Chu褚 Wei卫 Jiang蒋 Shen沈 Han韩 Yang杨 Zhu朱
Qin秦 You尤 Xu许 Lyu吕 Shi施 Kong孔 Cao曹 Yan严 Hua华 Jin金 Tao陶 Qi戚 Zou邹 Yu喻 Bai柏 Dou窦
Zhang章 Yun云 Su苏 Pan潘 Ge葛 Fan范 Peng彭 Lang郎 Lu鲁 Chang昌 Miao苗 Fang方 Ren任 Yuan袁 Liu柳
Tang唐 Fei费 Cen岑 Xue薛 Lei雷 Ni倪 Yin殷 Bi毕 Hao郝 An安 Le乐 Fu傅 Kang康 Bian卞 Meng孟 Huang黄
Mu穆 Xiao萧 Yao姚 Shao邵
""")
_GIVEN = _tokens("""
Ru汝 Zhi志 Yi奕 Xin昕 Hao皓 Wen文 Jing静 Tong彤 Yan彦 Lan岚 Ze泽 Kai凯 Ning宁 Shu舒 Qing青 Bo博
Han涵 Yue悦 Chen辰 Rui睿 An安 Jia嘉 Xi熙 Lin霖 Yun昀 Heng恒 Ya雅 Xuan轩 Shan珊 Ting婷 Guang广 Hai海
Zhen臻 Yong咏 Fei菲 Mu沐 Qi琪 Song松 Ke可 Ming铭 Li励 Xiu秀 Jun钧 Ping萍 Yuan远 Bei蓓 Cheng澄 Dan丹
Er尔 Feng枫
""")


def _split(token: str) -> tuple[str, str]:
    """'Zhao赵' → ('Zhao', '赵')."""
    latin = token.rstrip("".join(ch for ch in token if ord(ch) > 0x2E80))
    return latin, token[len(latin) :]


def _invented(rng: random.Random) -> tuple[str, str]:
    family, first, second = (_split(rng.choice(pool)) for pool in (_SURNAMES, _GIVEN, _GIVEN))
    return f"{family[0]} {first[0]}{second[0].lower()}", family[1] + first[1] + second[1]


def _names() -> list[tuple[str, str, str]]:
    rng = random.Random("lanwan people")
    names = [(*_pair(line), "zh") for line in NAMED.strip().splitlines()]
    names += [(*_pair(line), "en") for line in _FOREIGN.strip().splitlines()]
    taken = {name for name, _, _ in names}
    while len(names) < PEOPLE_COUNT:
        english, chinese = _invented(rng)
        if english not in taken and chinese[1] != chinese[2]:
            taken.add(english)
            names.append((english, chinese, "zh"))
    return names


def _pair(line: str) -> tuple[str, str]:
    english, chinese = line.split("|")
    return english, chinese


PEOPLE = [Person(f"p{n:03d}", *name) for n, name in enumerate(_names(), start=1)]
BY_ENGLISH = {person.name_en: person for person in PEOPLE}


def rows() -> list[list[str]]:
    return [[p.id, p.name_en, p.name_zh, p.email, p.phone, p.language] for p in PEOPLE]
