"""Invented station names in both languages, all distinct."""

import random
from collections.abc import Iterator


def _tokens(text: str) -> list[str]:
    return text.split()


_FIRST = _tokens("""
汀Ting 帆Fan 渚Zhu 鸥Ou 霞Xia 榕Rong 枫Feng 柚You 橙Cheng 霁Ji 晴Qing 棠Tang 桐Tong 栖Qi 鹭Lu 苇Wei
荻Di 砚Yan 墨Mo 琴Qin 茶Cha 灯Deng 锚Mao 缆Lan 橹Lu 潮Chao 渔Yu 贝Bei 珊Shan 岚Lan 梧Wu 杉Shan 芷Zhi
菱Ling 荔Li 莺Ying
""")
_SECOND = _tokens("""
浦pu 岸an 溪xi 岭ling 坞wu 亭ting 塘tang 桥qiao 渡du 洲zhou 里li 坊fang 台tai 园yuan 泉quan 屿yu
堤di 湖hu 角jiao 村cun
""")
_SUFFIX = [("", "")] * 5 + [(" Road", "路")] * 6 + [(" Street", "街")] * 2 + [(" Avenue", "大道"), (" Park", "公园")]

# Stations named after a place: (x, y) km and the names; the nearest unnamed station takes them.
LANDMARKS = [
    ((2.6, 1.6), "Customs House", "海关楼"),
    ((4.0, 2.6), "Ferry Terminal", "轮渡码头"),
    ((3.4, -2.2), "Fish Market", "鱼市"),
    ((1.0, 2.0), "Rope Walk", "缆绳巷"),
    ((-0.8, 1.2), "City Hall", "市政厅"),
    ((-2.0, 2.4), "Opera House", "歌剧院"),
    ((-4.6, 3.2), "Botanic Garden", "植物园"),
    ((-6.5, -4.8), "Lanwan University", "澜湾大学"),
    ((-2.0, 8.6), "Stadium", "体育场"),
    ((6.0, 8.0), "Maritime Museum", "航海博物馆"),
    ((10.0, 10.0), "Lighthouse", "灯塔"),
    ((5.2, -7.0), "Container Port", "集装箱港"),
    ((-8.0, 8.0), "Tea Hill", "茶山"),
    ((-3.5, -9.5), "Weir Gardens", "堰坝花园"),
    ((-18.5, 2.4), "Saltern", "盐场"),
    ((-10.5, 2.4), "Old Ferry", "老渡口"),
]


# Stems that a real network uses.
_REAL = {"Fengqiao", "Lancun"}


def _parts(token: str) -> tuple[str, str]:
    return token[1:], token[0]


def invented() -> Iterator[tuple[str, str]]:
    """Distinct (English, Chinese) names, without end."""
    rng = random.Random("lanwan stations")
    taken: set[str] = {*_REAL, *(name for _, english, chinese in LANDMARKS for name in (english, chinese))}
    while True:
        (a, a_zh), (b, b_zh) = _parts(rng.choice(_FIRST)), _parts(rng.choice(_SECOND))
        suffix, suffix_zh = rng.choice(_SUFFIX)
        apostrophe = "'" if b[0] in "aeo" else ""
        stem, name = a + b, (a + apostrophe + b + suffix, a_zh + b_zh + suffix_zh)
        if a.lower() == b or stem in taken or name[0] in taken:
            continue
        taken |= {stem, *name}
        yield name
