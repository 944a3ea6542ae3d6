// Builds the front end into the Python package, so that its users need no Node.
import { createHash } from "node:crypto";
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

/** Puts the styles into the page, which is then drawn as soon as it has come; the policy names their hash. */
function stylesInThePage(_, bundle) {
  const page = bundle["index.html"];
  const [name] = Object.keys(bundle).filter((file) => file.endsWith(".css"));
  const styles = bundle[name].source.trim();
  const hash = createHash("sha256").update(styles).digest("base64");
  delete bundle[name];
  page.source = page.source
    .replace(/^\s*<link rel="stylesheet".*\n/m, () => `    <style>${styles}</style>\n`)
    .replace("style-src 'self'", `style-src 'sha256-${hash}'`);
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
    {
      name: "styles-in-the-page",
      enforce: "post",
      generateBundle: stylesInThePage,
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
