// Asks for what a first visit needs as soon as the page begins to come: the view of the address and the files that it shows.
// This stands in the page itself (vite.config.js puts it there, with the chunks of each view), so it imports nothing.

/** By the first part of an address: its view, which may go on in one called `…_parts`, and the files of data that it begins with. */
const FIRST = {
  d: ["department", "departments", "disclosures"],
  n: ["number", "documents"],
  f: ["figure", "documents"],
  doc: ["document", "documents"],
  errors: ["quality", "documents"],
  p: ["province", "provinces"],
  compare: ["compare", "partitions"],
  quality: ["quality", "partitions"],
};

function ask(href, rel, about) {
  const link = Object.assign(document.createElement("link"), { rel, href, crossOrigin: "anonymous", ...about });
  document.head.append(link);
}

const [, name, id, asked] = /^#\/(\w+)(?:\/([\w.-]+))?[^?]*(\?.*)?$/.exec(window.location.hash) ?? [];
const [view, ...folders] = (Object.hasOwn(FIRST, name ?? "") && FIRST[name]) || [];
const chunks = CHUNKS;
for (const chunk of new Set([view, `${view}_parts`].flatMap((name) => chunks[name] ?? []))) ask(chunk, "modulepreload");
for (const folder of folders) {
  // Of a year that is asked for by name it is the body's page that says which file has it.
  if (folder === "disclosures" && asked) continue;
  const path = folder === "partitions" ? folder : id && `${folder}/${id}`;
  if (path) ask(`./data/${path}.json`, "preload", { as: "fetch", fetchPriority: folder === "disclosures" ? "low" : "high" });
}
