/** The days of the map, as the server tells each. */
export interface MapDay {
  t: number;
  label: string;
  day: string;
  marks: GeoJSON.FeatureCollection<GeoJSON.Point, PlaceSaid>;
  list: string;
}

export interface PlaceSaid {
  code: string;
  name: string;
  status: string | null;
  total: number;
  lagging: number;
  posts: number;
  vacant: number;
}
