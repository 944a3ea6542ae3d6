// The files of the site: JSON and Parquet, each read once. What stands in them is written by `pipeline/site/`.

const FORMAT = 3;
const GRADES = ["A", "B", "C", "D"];
const kept = new Map();

function once(path, read) {
  if (!kept.has(path)) {
    const reading = read();
    kept.set(path, reading);
    reading.catch(() => kept.delete(path));
  }
  return kept.get(path);
}

async function answer(path, options = {}) {
  const got = await fetch(path, { credentials: "same-origin", ...options });
  if (!got.ok) throw new Error(`${path}: ${got.status}`);
  return got;
}

const json = (path) => once(path, async () => (await answer(path)).json());
const part = (text) => encodeURIComponent(text);

/** What the start shows and what values are called: the page has it in it; where it is served by Vite, its file has. */
export const overview = () =>
  once("overview", async () => {
    const held = document.getElementById("overview")?.textContent;
    const start = held ? JSON.parse(held) : await json("./data/overview.json");
    if (start.format !== FORMAT) throw new Error("The files of this site are of another version: reload the page.");
    return start;
  });
export const partitions = () =>
  once("partitions", async () => {
    const { columns, rows, marts } = await json("./data/partitions.json");
    const named = rows.map((row) => Object.fromEntries(columns.map((name, n) => [name, row[n]])));
    return named.map((row) => ({
      ...row,
      grades: Object.fromEntries(GRADES.map((grade, n) => [grade, row.grades[n]])),
      marts: row.marts.map((n) => marts[n]),
    }));
  });
export const province = (id) => json(`./data/provinces/${part(id)}.json`);
export const department = (id) => json(`./data/departments/${part(id)}.json`);
/** What a body disclosed last, whichever that is. */
export const newest = (body) => json(`./data/disclosures/${part(body)}.json`);
/** A disclosure of a body, of which its page is at hand. */
export const disclosure = (body, id) =>
  id === body.disclosures[0].disclosure_id ? newest(body.id) : json(`./data/disclosures/${part(id)}.json`);
export const projects = (id) => json(`./data/projects/${part(id)}.json`);
export const document_ = (id) => json(`./data/documents/${part(id)}.json`);
export const quality = (year, place) => json(`./data/quality/${part(year)}/${part(place)}.json`);
export const searchFile = (number) => json(`./data/search/${number}.json`);
export const picture = (id, page) => `./pages/${part(id)}/${part(page)}.webp`;

export const lines = (id) => parquet(`./data/lines/${part(id)}.parquet`);
export const identities = (id) => parquet(`./data/identities/${part(id)}.parquet`);

/** Rows of a mart in those of some partitions that have any. */
export async function mart(name, partitions, columns) {
  const parts = await Promise.all(
    partitions
      .filter((one) => one.marts.includes(name))
      .map(async ({ year, province: place }) => {
        const rows = await parquet(`./data/marts/${name}/${part(year)}/${part(place)}.parquet`, columns);
        return rows.map((row) => ({ ...row, fiscal_year: year, province: place }));
      }),
  );
  return parts.flat();
}

function parquet(path, columns) {
  return once(`${path} ${columns ?? ""}`, async () => {
    const [{ parquetReadObjects }, { decompress }, file] = await Promise.all([import("hyparquet"), import("fzstd"), ranges(path)]);
    const ZSTD = (bytes, length) => decompress(bytes, new Uint8Array(length));
    return parquetReadObjects({ file, columns, compressors: { ZSTD } });
  });
}

const TAIL = 65536; // bytes: the footer of a Parquet file, and the whole of most

/** A file read by ranges; of a host that has none it is read whole. */
async function ranges(path) {
  const got = await answer(path, { headers: { Range: `bytes=-${TAIL}` } });
  const tail = await got.arrayBuffer();
  const size = got.status === 206 ? Number(got.headers.get("Content-Range")?.split("/")[1]) : tail.byteLength;
  if (got.status === 206 && !Number.isSafeInteger(size)) {
    const whole = await (await answer(path)).arrayBuffer();
    return { byteLength: whole.byteLength, slice: (from, to) => whole.slice(from, to) };
  }
  const from = size - tail.byteLength;
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      if (start >= from) return tail.slice(start - from, end - from);
      const more = await answer(path, { headers: { Range: `bytes=${start}-${end - 1}` } });
      const bytes = await more.arrayBuffer();
      return more.status === 206 ? bytes : bytes.slice(start, end);
    },
  };
}
