import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/tminus/site/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    rolldownOptions: {
      input: { book: "src/book/book.ts", day: "src/day/day.ts", map: "src/map/map.ts", stations: "src/stations/stations.ts", table: "src/table/table.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js", assetFileNames: "[name][extname]" },
    },
  },
});
