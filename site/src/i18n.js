// The language and the unit of money that a reader has chosen, and the words in that language.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { money } from "./money.js";
import { PLAIN, SHORT, WORDS } from "./words.js";

export const CENTRAL = "CN"; // the province of the ministries
const PART = /^of_which_/; // a nature that repeats a part of other amounts
const SPOKEN = ["statement", "measure", "fund", "nature", "flow", "indicator"]; // lists whose values stand in texts of checks and findings

export const LANGUAGES = ["zh", "en"];
export const Settings = createContext(null);

export function remembered(name, choices, otherwise) {
  const asked = new URLSearchParams(window.location.search).get(name);
  if (choices.includes(asked)) return asked;
  try {
    const kept = window.localStorage.getItem(`yusuan.${name}`);
    return choices.includes(kept) ? kept : otherwise;
  } catch {
    return otherwise; // storage is forbidden: the choice lasts as long as the page
  }
}

export function remember(name, value) {
  try {
    window.localStorage.setItem(`yusuan.${name}`, value);
  } catch {
    // nothing is kept then
  }
}

export const preferred = () => ((navigator.languages ?? []).some((one) => one.startsWith("zh")) ? "zh" : "en");

export function useWords() {
  const { language, unit, labels, central } = useContext(Settings);
  const at = LANGUAGES.indexOf(language);
  const t = (word, values = {}) =>
    WORDS[word][at].replace(/\{(\w+)\}/g, (_, name) => (values[name] === undefined ? "" : String(values[name])));
  const declared = (list, value, otherwise = String(value ?? "–").replaceAll("_", " ")) => labels?.[list]?.[value]?.[at] ?? otherwise;
  /** What a value is called, as short as can be. */
  const label = (list, value) => SHORT[list]?.[value]?.[at] ?? declared(list, value, PART.test(value) ? t("of_which") : undefined);
  /** One of two names, the Chinese one where there is no English. */
  const called = (chinese, english) => (language === "en" && english ? english : chinese);
  return {
    language,
    unit,
    t,
    label,
    called,
    /** What a value means, in full. */
    meaning: (list, value) => PLAIN[list]?.[value]?.[at] ?? declared(list, value),
    /** The same as it is declared with the dataset. */
    declared,
    provinceName: (one) => (one.id === CENTRAL ? t("central") : called(one.name, one.name_en)),
    /** A place as it is called everywhere: the central level is called so, not by the name of the country. */
    placeName: (name) => (name && name === central ? t("central") : name),
    /** A text that comes in both languages, Chinese first. */
    said: (both) => both?.[at] ?? "",
    /** What a check or finding is about, in both languages, with the values in it called as everywhere else. */
    inWords: (both) =>
      String(both?.[at] ?? "").replace(/[a-z]+(?:_[a-z]+)*/g, (value) =>
        value === "statement"
          ? t("statement")
          : label(
              SPOKEN.find((list) => labels?.[list]?.[value]),
              value,
            ),
      ),
    amount: (value) => money(value, unit, language),
    count: (number) => Number(number).toLocaleString("en-US"),
  };
}
