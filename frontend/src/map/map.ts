/**
 * The operations map, drawn by MapLibre GL from the event's own drawing.
 *
 * `<div data-map data-ground-source data-day-source data-box data-work data-t>` around the server's SVG map, which stays
 * where the browser cannot draw with WebGL, and on paper. The list beside it is the server's for every day.
 */
import { Map as GLMap, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource, type LngLatBoundsLike, type MapGeoJSONFeature } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import "./map.css";
import { Film } from "../play/film";
import { Kept } from "../play/kept";
import type { MapDay } from "./days";
import { addMarks } from "./marks";
import { NOTHING, style } from "./style";

const WORST = ["late", "at_risk", "stale", "unknown", "on_time", "done"];

function mount(frame: HTMLElement): void {
  const canvas = frame.querySelector<HTMLElement>(".map-canvas");
  if (!canvas) return;
  const box = document.createElement("div");
  box.className = "map-gl";
  canvas.append(box);
  setWorkerUrl(workerUrl);
  let map: GLMap;
  try {
    map = new GLMap({
      container: box,
      style: style(document.documentElement.lang.startsWith("zh") ? "name_zh" : "name_en"),
      bounds: bounds(frame.dataset.work ?? ""),
      fitBoundsOptions: { padding: 60, maxZoom: 15 },
      attributionControl: false,
      dragRotate: false,
      localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
      fadeDuration: 0,
    });
  } catch {
    box.remove(); // no WebGL here: the SVG map stays
    return;
  }
  frame.classList.add("gl");
  new OperationsMap(frame, map);
}

class OperationsMap {
  private readonly days: Kept<MapDay>;
  private readonly film: Film;
  private readonly list: HTMLElement;
  private readonly slider: HTMLInputElement;
  private shown: MapDay | null = null;
  private wanted: number;

  constructor(private readonly frame: HTMLElement, private readonly map: GLMap) {
    this.days = new Kept((t) => `${frame.dataset.daySource ?? ""}?t=T${t}`);
    this.wanted = Number(frame.dataset.t);
    this.list = this.part("[data-list]");
    this.slider = this.part("[data-day]") as HTMLInputElement;
    this.film = new Film(this.part("[data-play]"), {
      wanted: () => this.wanted,
      first: Number(this.slider.min),
      last: Number(this.slider.max),
      speed: () => Number(this.frame.querySelector<HTMLSelectElement>("[data-speed]")?.value ?? 5),
      ahead: (t) => void this.days.at(t).catch(() => undefined),
      show: (t) => this.show(t),
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.on("load", () => void this.begin());
    map.on("click", "places", (click) => click.features?.[0] && this.choose(codeOf(click.features[0]), false));
    map.on("mouseenter", "places", () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", "places", () => (map.getCanvas().style.cursor = ""));
    this.listen();
  }

  private part(selector: string): HTMLElement {
    const found = this.frame.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`the map needs ${selector}`);
    return found;
  }

  private async begin(): Promise<void> {
    addMarks(this.map);
    const answer = await fetch(this.frame.dataset.groundSource ?? "");
    if (answer.ok) this.source("ground").setData((await answer.json()) as GeoJSON.FeatureCollection);
    await this.show(this.wanted);
    if (location.hash.startsWith("#place-")) this.choose(decodeURIComponent(location.hash.slice(7)), true);
    this.frame.dataset.ready = "1";
  }

  private source(name: string): GeoJSONSource {
    return this.map.getSource(name) as GeoJSONSource;
  }

  /** Show a day; a later wish overtakes an earlier answer. */
  private async show(t: number): Promise<void> {
    this.wanted = t;
    this.slider.value = String(t);
    let day: MapDay;
    try {
      day = await this.days.at(t);
    } catch {
      this.film.stop();
      this.part("[data-label]").textContent = this.frame.dataset.lost ?? "";
      return;
    }
    if (t !== this.wanted) return;
    this.shown = day;
    this.part("[data-label]").textContent = day.label;
    this.part("[data-date]").textContent = day.day;
    this.slider.setAttribute("aria-valuetext", `${day.label} ${day.day}`);
    const open = [...this.list.querySelectorAll<HTMLDetailsElement>("details[open]")].map((one) => one.id);
    this.list.innerHTML = day.list; // our own server's, escaped there
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    this.draw();
    const address = new URL(location.href);
    address.searchParams.set("t", `T${t}`);
    history.replaceState(null, "", address);
  }

  private draw(): void {
    if (!this.shown) return;
    const [tasks, posts, lagging] = ["tasks", "posts", "lagging"].map((name) => this.ticked(name));
    const seen = (said: { total: number; posts: number; lagging: number }): boolean =>
      (lagging ? said.lagging > 0 : true) && ((tasks && said.total > 0) || (posts && said.posts > 0)) === true;
    const features = this.shown.marks.features
      .filter((one) => seen(one.properties))
      .map((one) => {
        const said = one.properties;
        const status = tasks && said.total ? said.status : null;
        const rank = status ? WORST.length - WORST.indexOf(status) : 0;
        return { ...one, properties: { ...said, status, rank, count: status ? said.total : said.posts } };
      });
    this.source("places").setData({ ...NOTHING, features } as GeoJSON.FeatureCollection);
    const drawn = new Set(features.map((one) => `place-${one.properties.code}`));
    for (const card of this.list.querySelectorAll<HTMLElement>("details")) card.hidden = !drawn.has(card.id);
  }

  private ticked(layer: string): boolean {
    return this.frame.querySelector<HTMLInputElement>(`[data-layer=${layer}]`)?.checked ?? false;
  }

  /** Open a place in the list; `go` also moves the map there. */
  private choose(code: string, go: boolean): void {
    const card = document.getElementById(`place-${code}`) as HTMLDetailsElement | null;
    if (card) {
      for (const other of this.list.querySelectorAll<HTMLDetailsElement>("details[open]")) if (other !== card) other.open = false;
      card.open = true;
      card.scrollIntoView({ block: "nearest" });
    }
    this.map.setFilter("chosen", ["==", ["get", "code"], code]);
    const found = this.shown?.marks.features.find((one) => one.properties.code === code);
    if (go && found) {
      const [lon, lat] = found.geometry.coordinates as [number, number];
      this.map.easeTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), 13), duration: calm() ? 0 : 400 });
    }
  }

  private listen(): void {
    this.slider.addEventListener("input", () => { this.film.stop(); void this.show(Number(this.slider.value)); });
    this.slider.form?.addEventListener("submit", (submit) => { submit.preventDefault(); void this.show(Number(this.slider.value)); });
    for (const box of this.frame.querySelectorAll("[data-layer]")) box.addEventListener("change", () => this.draw());
    this.list.addEventListener("click", (click) => {
      const summary = (click.target as HTMLElement).closest("summary");
      const card = summary?.parentElement as HTMLDetailsElement | null;
      if (card && !card.open) { click.preventDefault(); this.choose(card.id.slice(6), true); }
    });
    this.part("[data-today]").addEventListener("click", (click) => { this.film.stop(); void this.show(Number((click.target as HTMLElement).dataset.today)); });
    for (const button of this.frame.querySelectorAll<HTMLElement>("[data-zoom]"))
      button.addEventListener("click", () => this.zoom(Number(button.dataset.zoom)));
    this.part("[data-venue]").addEventListener("click", () => this.venue());
    this.follow();
  }

  /** Somebody has reported or planned something: the day shown is fetched anew, at most once a second. */
  private follow(): void {
    const { liveSource } = this.frame.dataset;
    if (!liveSource) return;
    let waiting = 0;
    const renew = (): void => { waiting = 0; this.days.forget(); if (!this.film.playing) void this.show(this.wanted); };
    new EventSource(liveSource).addEventListener("record", (message) => {
      const line = JSON.parse((message as MessageEvent<string>).data) as { code?: string };
      if (/^(planning|duty|organisation)\./.test(line.code ?? "")) waiting ||= window.setTimeout(renew, 1000);
    });
  }

  private zoom(factor: number): void {
    if (factor) this.map.easeTo({ zoom: this.map.getZoom() + Math.log2(factor), duration: calm() ? 0 : 200 });
    else this.map.fitBounds(bounds(this.frame.dataset.box ?? ""), { padding: 10, duration: calm() ? 0 : 500 });
  }

  private venue(): void {
    const halls = this.map.querySourceFeatures("ground", { filter: ["==", ["get", "kind"], "venue"] });
    const points = halls.flatMap((one) => flat(one.geometry));
    if (!points.length) return this.zoom(0);
    const lons = points.map((one) => one[0] ?? 0), lats = points.map((one) => one[1] ?? 0);
    const edges = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] as LngLatBoundsLike;
    this.map.fitBounds(edges, { padding: 40, duration: calm() ? 0 : 500 });
  }
}

const codeOf = (feature: MapGeoJSONFeature): string => String(feature.properties.code);
const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** West, south, east, north from `data-box`. */
function bounds(text: string): LngLatBoundsLike {
  const [west = -180, south = -85, east = 180, north = 85] = text.split(",").map(Number);
  return [west, south, east, north];
}

function flat(geometry: GeoJSON.Geometry): number[][] {
  if (geometry.type === "Polygon") return geometry.coordinates.flat();
  return geometry.type === "MultiPolygon" ? geometry.coordinates.flat(2) : [];
}

const frame = document.querySelector<HTMLElement>("[data-map]");
if (frame) mount(frame);
