// Builds the front end into the Python package, so that its users need no Node.
import { readFileSync, readdirSync } from "node:fs";
import { defineConfig } from "vite";

/** Name, version and licence of every package that is in the bundle, with the text of the licence. */
function licences() {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf-8"));
  const used = Object.entries(lock.packages).filter(([path, entry]) => path && !entry.dev && !entry.devOptional && !entry.optional);
  return used
    .map(([path, { version }]) => {
      const about = JSON.parse(readFileSync(`${path}/package.json`, "utf-8"));
      const file = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
      return `${about.name} ${version} (${about.license})\n\n${file ? readFileSync(`${path}/${file}`, "utf-8").trim() : ""}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

export default defineConfig({
  root: import.meta.dirname,
  base: "./", // works below any path
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [
    {
      name: "licences",
      generateBundle() {
        this.emitFile({ type: "asset", fileName: "licences.txt", source: licences() });
      },
    },
  ],
  build: {
    outDir: "../pipeline/site/bundle",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false }, // the polyfill is an inline script, which the content security policy forbids
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 300,
  },
  server: { host: "127.0.0.1" },
});
