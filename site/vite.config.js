// Builds the front end into the Python package, so that its users need no Node.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { defineConfig, minify } from "vite";

const SMALL_PARTS = /\/src\/(parts\/(bars|bodies|outliers|table|unit)\.jsx|parts\/width\.js|views\/(figures|disclosures)\.js|csv\.js)$/;

const HANDED = "globalThis.yusuanPage"; // what the script of the page hands to the chunks of views

const hashOf = (text) => createHash("sha256").update(text).digest("base64");

/** A page whose policy lets a script run that stands in it. */
const allowing = (script, page) => page.replace("script-src 'self'", `script-src 'self' 'sha256-${hashOf(script)}'`);

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

const chunksOf = (bundle) => Object.values(bundle).filter((file) => file.type === "chunk");

/** The chunks of each view, by the name of its module: its own and those that it needs, without what the page has anyway. */
function chunksOfViews(bundle) {
  const chunks = chunksOf(bundle);
  const entry = chunks.find((chunk) => chunk.isEntry);
  const needed = (file, known) => {
    if (known.has(file) || file === entry.fileName) return known;
    known.add(file);
    bundle[file].imports.forEach((other) => needed(other, known));
    return known;
  };
  const views = chunks.filter((chunk) => chunk.isDynamicEntry && chunk.facadeModuleId?.includes("/src/views/"));
  const named = views.map((chunk) => [basename(chunk.facadeModuleId, ".jsx"), [...needed(chunk.fileName, new Set())]]);
  return Object.fromEntries(named.map(([name, files]) => [name, files.map((file) => `./${file}`)]));
}

/** Puts what asks for a view's files into the page; the policy names its hash, and lets nothing else run that is no file of the site. */
async function firstInThePage(_, bundle) {
  const page = bundle["index.html"];
  const chunks = JSON.stringify(chunksOfViews(bundle));
  const source = readFileSync(`${import.meta.dirname}/src/first.js`, "utf-8").replace("CHUNKS", () => `(${chunks})`);
  const { code } = await minify("first.js", `(() => {${source}})();`, { mangle: { toplevel: true } });
  const script = code.trim();
  page.source = allowing(script, page.source.replace(/(?=^\s*<script type="module")/m, () => `    <script>${script}</script>\n`));
}

/**
 * Puts the script of the page into it, so that the start needs one file; the policy names its hash. A module in a page has no address that
 * others could import it by: what the chunks of views need of it, it hands them by a name of the window.
 */
function scriptInThePage(_, bundle) {
  const page = bundle["index.html"];
  const chunks = chunksOf(bundle);
  const entry = chunks.find((chunk) => chunk.isEntry);
  const own = basename(entry.fileName);
  const pairs = (names) => names.replaceAll(" as ", ":");
  const turned = (names) =>
    names.split(",").map((name) => {
      const [inside, outside = inside] = name.trim().split(" as ");
      return `${outside}:${inside}`;
    });
  let script = entry.code.trim().replace(/export\{([^}]*)\};?$/, (_whole, names) => `${HANDED}={${turned(names)}};`);
  for (const chunk of chunks) script = script.replaceAll(`./${basename(chunk.fileName)}`, `./${chunk.fileName}`);
  for (const chunk of chunks.filter((other) => other !== entry)) {
    chunk.code = chunk.code.replace(new RegExp(`import\\{([^}]*)\\}from"\\./${own}";?`), (_whole, names) => `const{${pairs(names)}}=${HANDED};`);
    if (chunk.code.includes(own)) throw new Error(`${chunk.fileName} imports the script of the page in a way that is not rewritten`);
  }
  if (/\bexport\b|__VITE|<\/script|<!--/.test(script)) throw new Error("the script of the page cannot stand in a page");
  delete bundle[entry.fileName];
  const without = page.source.replace(/^\s*<script type="module".*\n/m, "");
  page.source = allowing(script, without.replace(/(?=^\s*<\/body>)/m, () => `    <script type="module">${script}</script>\n`));
}

/** Puts the styles into the page, which is then drawn as soon as it has come; the policy names their hash. */
function stylesInThePage(_, bundle) {
  const page = bundle["index.html"];
  const [name] = Object.keys(bundle).filter((file) => file.endsWith(".css"));
  const styles = bundle[name].source.trim();
  delete bundle[name];
  page.source = page.source
    .replace(/^\s*<link rel="stylesheet".*\n/m, () => `    <style>${styles}</style>\n`)
    .replace("style-src 'self'", `style-src 'sha256-${hashOf(styles)}'`);
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
    {
      name: "first-in-the-page",
      enforce: "post",
      generateBundle: firstInThePage,
    },
    {
      name: "script-in-the-page",
      enforce: "post",
      generateBundle: { order: "post", handler: scriptInThePage }, // after Vite has said which chunks an import asks for
    },
  ],
  build: {
    outDir: "../pipeline/site/bundle",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false }, // the polyfill is an inline script, which the content security policy forbids
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 300,
    rolldownOptions: {
      output: {
        // One file for the small parts of most views: a browser asks a host for six at a time.
        codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: "parts", test: SMALL_PARTS }] },
      },
    },
  },
  server: { host: "127.0.0.1" },
});
