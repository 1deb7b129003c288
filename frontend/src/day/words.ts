/** What the map of a day says, in both languages; the page by itself has no server to ask. */
import type { Language } from "./document";

const EN = {
  play: "Play", stop: "Stop", speed: "Speed", perSecond: "{n} slots a second", time: "Time", site: "Site", city: "City",
  nearer: "Nearer", farther: "Farther", close: "Back to the whole day", map: "Map of the simulated day: ways coloured by level of service, queues at gates, vehicles",
  side: "Figures of the day", keys: "Keys: space plays, ← → step, + − nearer and farther, 0 all. Drag to move.",
  level: "Level of service of each way's worst minute:", levelA: "A free", levelF: "F stands still", waiting: "persons waiting", filling: "vehicles: width and figure tell how full", lanes: "lanes open",
  now: "Now", gates: "Gates", gate: "Gate", queue: "Queue", wait: "Wait, min", places: "Most crowded ways", way: "Way", density: "Persons/m²", persons: "Persons",
  stops: "Left behind at stops", stop_: "Stop", line: "Line", left: "Left behind", none: "Nobody is crowded now.",
  worst: "Worst places and minutes", when: "From–to", pressed: "Person-minutes", pressedAbout: "At E and F on ways, in queues at gates, at stops where people were left behind.", min: "min", more: "{n} more", calm: "No place was crowded all day.",
  people: "Persons on the site and on their way", onSite: "on the site", inHalls: "in halls", onRides: "on rides", home: "home", queues: "Persons queuing at gates", waits: "Wait at gates of those let in, min", leftBehind: "Left behind by vehicles, in each slot", all: "all gates",
  whole: "The whole day", agents: "visitors", mean_wait: "mean wait at gates, min", mean_lost: "mean time lost, min", ef: "person-minutes at E and F", left_behind: "left behind by vehicles", last: "last one home", stuck: "stuck at the end", incidents: "jams that people squeezed out of", model: "walked by",
  room: "places", boarded: "got on", level_: "Level", passed: "passed in the slot", about: "Persons", shown: "Shown on the map", of: "of", picture: "Picture of this time", data: "Data of this time",
  lost: "The day could not be fetched; what stands here was drawn by the server.",
};
const ZH: typeof EN = {
  play: "播放", stop: "停止", speed: "速度", perSecond: "每秒 {n} 个时段", time: "时间", site: "场馆", city: "全市",
  nearer: "放大", farther: "缩小", close: "返回全天", map: "模拟日地图：通道颜色为服务水平，另有入口排队和车辆",
  side: "当天数据", keys: "快捷键：空格播放，← → 前后移动，+ − 缩放，0 全图。拖动平移。",
  level: "各通道最拥挤一分钟的服务水平：", levelA: "A 自由行走", levelF: "F 停滞", waiting: "等候人数", filling: "车辆：线宽和数字为满载程度", lanes: "开放通道数",
  now: "当前", gates: "入口", gate: "入口", queue: "排队", wait: "等候（分钟）", places: "最拥挤的通道", way: "通道", density: "人/平方米", persons: "人数",
  stops: "站点未能上车", stop_: "站点", line: "线路", left: "未能上车", none: "目前无拥挤。",
  worst: "最严重的地点和时段", when: "时段", pressed: "人·分钟", pressedAbout: "通道上处于 E、F 级，入口排队，以及有人未能上车的站点候车。", min: "分钟", more: "另有 {n} 处", calm: "全天无拥挤地点。",
  people: "场内及途中人数", onSite: "场内", inHalls: "展馆内", onRides: "乘车", home: "已到家", queues: "入口排队人数", waits: "已入场者的入口等候时间（分钟）", leftBehind: "各时段未能上车人数", all: "全部入口",
  whole: "全天", agents: "观众", mean_wait: "入口平均等候（分钟）", mean_lost: "平均损失时间（分钟）", ef: "E、F 级人·分钟", left_behind: "未能上车", last: "最后一人到家", stuck: "结束时滞留", incidents: "挤行疏解的堵塞", model: "步行模型",
  room: "容量", boarded: "上车", level_: "等级", passed: "时段内通过", about: "人数", shown: "已在地图上标出", of: "/", picture: "此刻图片", data: "此刻数据",
  lost: "无法取得当天数据；此处为服务器绘制的内容。",
};
export type Say = typeof EN;
export const SAY: Record<Language, Say> = { en: EN, zh: ZH };

export function number(value: number | null | undefined, language: Language, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return value.toLocaleString(language, { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
