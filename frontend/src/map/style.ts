/** A quiet ground of our own, from the event's drawing alone: no tile server, no font server, no outside address. */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

const FILLS: Record<string, string> = {
  sea: "#dfe8ef", land: "#f4f3ee", built: "#eceae3", park: "#e2ecd9", water: "#dfe8ef", port: "#e6e4dd", airport: "#e6e4dd",
  runway: "#cfcfd3", pier: "#e6e4dd", venue: "#e7edf6", plaza: "#f5f0e2", concourse: "#f5f0e2", car_park: "#e3e3e6",
  marshalling_yard: "#e3e3e6", taxi_rank: "#dcdce2", shuttle_stop: "#dcdce2", hall: "#c9d7ea", gate: "#b9cbe4", dock: "#b9cbe4",
};
const LINES: Record<string, [colour: string, width: number, from: number]> = {
  street: ["#ffffff", 0.8, 10], road: ["#ffffff", 1.8, 0], motorway: ["#e8d5ad", 2.4, 0], rail: ["#9a9aa2", 1.2, 0], metro: ["#a9b8cf", 1.5, 0],
};
/** Kinds whose names are written on the ground, and from which zoom. */
const NAMED: [kinds: string[], zoom: number, size: number][] = [
  [["district"], 8, 13],
  [["hall", "plaza", "car_park"], 14.5, 12],
  [["station"], 12.8, 11],
  [["gate", "dock", "hotel"], 15, 11],
];
const INK = "#465060";

export function style(name: "name_en" | "name_zh"): StyleSpecification {
  const text = ["coalesce", ["get", name], ["get", "name_en"]] as const;
  return {
    version: 8,
    sources: {
      ground: { type: "geojson", data: NOTHING },
      places: { type: "geojson", data: NOTHING },
    },
    layers: [
      { id: "background", type: "background", paint: { "background-color": "#f4f3ee" } },
      fill(),
      outline("district", { "line-color": "#b9b4a6", "line-dasharray": [4, 3], "line-width": 1 }),
      outline("hall", { "line-color": "#8fa9cc", "line-width": 1 }),
      ...Object.entries(LINES).map(([kind, [colour, width, from]]) => line(kind, colour, width, from)),
      { id: "stations", type: "circle", source: "ground", minzoom: 11.5, filter: ["==", ["get", "kind"], "station"], paint: { "circle-radius": 2.6, "circle-color": "#fff", "circle-stroke-color": "#8b9ab3", "circle-stroke-width": 1.2 } },
      ...NAMED.map(([kinds, zoom, size]) => names(kinds, zoom, size, text)),
      {
        id: "places", type: "symbol", source: "places",
        layout: {
          "icon-image": ["concat", "mark-", ["coalesce", ["get", "status"], "post"]],
          "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["get", "rank"],
          "text-field": ["step", ["zoom"], ["to-string", ["get", "count"]], 12.5, ["concat", ["get", "name"], " ", ["to-string", ["get", "count"]]]],
          "text-font": ["Noto Sans Bold"], "text-size": 12, "text-anchor": "left", "text-offset": [0.9, 0], "text-optional": true, "text-max-width": 14,
        },
        paint: { "text-color": "#14181F", "text-halo-color": "#fff", "text-halo-width": 1.5 },
      },
      { id: "chosen", type: "circle", source: "places", filter: ["==", ["get", "code"], ""], paint: { "circle-radius": 12, "circle-color": "rgba(18,63,125,0.12)", "circle-stroke-color": "#123F7D", "circle-stroke-width": 2 } },
    ],
  };
}

export const NOTHING = { type: "FeatureCollection" as const, features: [] };

function fill(): LayerSpecification {
  const byKind = Object.entries(FILLS).flat();
  return {
    id: "areas", type: "fill", source: "ground",
    filter: ["all", ["==", ["geometry-type"], "Polygon"], ["!=", ["get", "kind"], "district"]],
    paint: { "fill-color": ["match", ["get", "kind"], ...byKind, "#f2f1ec"] as never, "fill-antialias": true },
  };
}

function outline(kind: string, paint: NonNullable<Extract<LayerSpecification, { type: "line" }>["paint"]>): LayerSpecification {
  return { id: `edge-${kind}`, type: "line", source: "ground", filter: ["==", ["get", "kind"], kind], paint };
}

function line(kind: string, colour: string, width: number, from: number): LayerSpecification {
  const growing = ["interpolate", ["exponential", 1.4], ["zoom"], 9, width, 15, width * 3.2] as never;
  const dashes = kind === "rail" ? { "line-dasharray": [5, 2] } : {};
  return {
    id: kind, type: "line", source: "ground", minzoom: from, filter: ["==", ["get", "kind"], kind],
    layout: { "line-cap": kind === "rail" ? "butt" : "round", "line-join": "round" },
    paint: { "line-color": colour, "line-width": growing, ...dashes },
  };
}

function names(kinds: string[], zoom: number, size: number, text: unknown): LayerSpecification {
  return {
    id: `names-${kinds[0]}`, type: "symbol", source: "ground", minzoom: zoom, filter: ["in", ["get", "kind"], ["literal", kinds]],
    layout: { "text-field": text as never, "text-font": ["Noto Sans"], "text-size": size, "text-max-width": 8, "text-offset": kinds[0] === "station" ? [0, 0.9] : [0, 0] },
    paint: { "text-color": INK, "text-halo-color": "rgba(255,255,255,0.85)", "text-halo-width": 1.2 },
  };
}
