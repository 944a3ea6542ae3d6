// Money is whole fen, as BigInt: nothing here is a float. Sizes of shapes in charts may be.

export const fen = (value) => (value === null || value === undefined ? null : BigInt(value));
export const sum = (values) => values.reduce((total, value) => total + (value ?? 0n), 0n);

// 万 and 亿 are the steps of Chinese, millions and billions those of English; the choice of a reader stands for either.
const UNITS = {
  zh: { yuan: [100n, "元"], wan: [1000000n, "万元"], yi: [10000000000n, "亿元"] },
  en: { yuan: [100n, ""], wan: [100000000n, "m"], yi: [100000000000n, "bn"] },
};
const PLACES = 2;
export const UNIT_NAMES = ["auto", "yuan", "wan", "yi"];

function grouped(digits) {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** `value` ÷ `by` in decimal, rounded half away from zero to `places`. */
export function divided(value, by, places) {
  const scale = 10n ** BigInt(places);
  const negative = value < 0n !== by < 0n && value !== 0n;
  const [a, b] = [value < 0n ? -value : value, by < 0n ? -by : by];
  const rounded = (a * scale * 2n + b) / (b * 2n);
  const [whole, rest] = [rounded / scale, (rounded % scale).toString().padStart(places, "0")];
  return `${negative && rounded ? "−" : ""}${grouped(whole.toString())}${places ? `.${rest}` : ""}`;
}

function unitFor(value, unit, units) {
  if (unit !== "auto") return units[unit];
  const size = value < 0n ? -value : value;
  return size >= units.yi[0] ? units.yi : size >= units.wan[0] ? units.wan : units.yuan;
}

/** The largest unit in which each of some amounts has a digit of its own; `auto` where there is none, and each is shown in its own. */
export function unitOfAll(values, language) {
  const sizes = values.filter(Boolean).map((value) => (value < 0n ? -value : value));
  if (!sizes.length) return "auto";
  const [least, most] = sizes.reduce(([low, high], one) => [one < low ? one : low, one > high ? one : high], [sizes[0], sizes[0]]);
  const { wan, yi } = UNITS[language];
  if (least >= yi[0]) return "yi";
  if (most < wan[0]) return "yuan";
  return least * 100n >= wan[0] ? "wan" : "auto"; // two decimals are shown
}

/** An amount for reading, with its unit. */
export function money(value, unit, language) {
  if (value === null) return "–";
  if (value === 0n) return "0";
  const [fen_, name] = unitFor(value, unit, UNITS[language]);
  const number = divided(value, fen_, PLACES);
  if (language === "zh") return `${number} ${name}`;
  return `${number.startsWith("−") ? "−" : ""}¥${number.replace("−", "")}${name ? ` ${name}` : ""}`;
}

/** The exact amount in yuan, for people. */
export const exact = (value) => divided(value, 100n, 2);

/** The exact amount in yuan, for programs: as DuckDB writes a DECIMAL(18, 2). */
export function plain(value) {
  if (value === null) return "";
  const size = value < 0n ? -value : value;
  return `${value < 0n ? "-" : ""}${size / 100n}.${(size % 100n).toString().padStart(2, "0")}`;
}

/** Part ÷ whole in percent with `places` decimals, "" where there is no whole. */
export function percent(value, whole, places = 1) {
  if (value === null || !whole) return "";
  return divided(value * 100n, whole, places);
}

/** The same for programs: no grouping, an ASCII minus sign. */
export const plainPercent = (value, whole, places = 2) => percent(value, whole, places).replaceAll(",", "").replace("−", "-");

/** A number for the size of a shape, never for reading. */
export const size = (value) => Number(value ?? 0n);
