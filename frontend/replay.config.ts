import { defineConfig } from "vite";

/** The page by itself: one script and one style sheet, put into the page by `formats/crowd/replay_page.py`. */
export default defineConfig({
  build: {
    outDir: "../src/tminus/formats/crowd/replay",
    emptyOutDir: true,
    cssCodeSplit: false,
    lib: { entry: "src/replay/replay.ts", formats: ["iife"], name: "replay", fileName: () => "replay.js", cssFileName: "replay" },
  },
});
