import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { precompress } from "./build/precompress.ts";

const backend = process.env.HELPDESK_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  plugins: [
    tanstackRouter({ target: "react", autoCodeSplitting: true, routeToken: "layout" }),
    react(),
    tailwindcss(),
    precompress(),
  ],
  build: {
    outDir: "../src/helpdesk/adapters/http/static",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    // The content security policy allows neither data: scripts nor inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ["index.html", "feedback.html", "phone.html"],
      // What several parts share would be a file for each set of them, of a few hundred bytes often.
      output: {
        codeSplitting: {
          groups: [
            { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 2000 },
          ],
        },
        chunkFileNames: ({ name }) => `assets/${name.split("~")[0]}-[hash].js`,
      },
    },
  },
  server: {
    proxy: {
      "/v1": { target: backend, ws: true },
      "/simulator": backend,
    },
  },
  test: {
    environment: "happy-dom",
    isolate: false, // a window for each file costs more than all of their tests
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
  },
});
