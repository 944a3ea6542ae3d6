// The frame of every page: head with search and settings, the page of the address, foot.
import { useEffect, useRef, useState } from "preact/hooks";
import { overview } from "./data.js";
import { CENTRAL, LANGUAGES, Settings, preferred, remember, remembered, useWords } from "./i18n.js";
import { Loaded, useLoaded } from "./loading.jsx";
import { UNIT_NAMES } from "./money.js";
import { Search } from "./parts/search.jsx";
import { Tip } from "./parts/tip.jsx";
import { to, usePlace } from "./router.js";
import { isView, viewOf } from "./views/index.js";
import { Start } from "./views/start.jsx";

const isCentral = (province) => province.id === CENTRAL;

export function App() {
  const [language, setLanguage] = useState(() => remembered("language", LANGUAGES, preferred()));
  const [unit, setUnit] = useState(() => remembered("unit", UNIT_NAMES, "auto"));
  const start = useLoaded(overview, []);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    remember("language", language);
    remember("unit", unit);
  }, [language, unit]);
  return (
    <Settings.Provider value={{ language, unit, labels: start.value?.labels, central: start.value?.provinces.find(isCentral)?.name }}>
      <Frame start={start} setLanguage={setLanguage} setUnit={setUnit} />
      <Tip />
    </Settings.Provider>
  );
}

function Frame({ start, setLanguage, setUnit }) {
  const { t, language, unit } = useWords();
  const { parts, query } = usePlace();
  const main = useRef(null);
  const where = parts.join("/");
  useEffect(() => {
    if (!where) document.title = `预算 Yusuan · ${t("title")}`;
    if (main.current?.dataset.moved) main.current.focus({ preventScroll: true });
    if (main.current) main.current.dataset.moved = "yes";
    window.scrollTo(0, 0);
  }, [where]);
  return (
    <>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current.focus();
        }}
      >
        {t("skip")}
      </a>
      <header class="top">
        <a class="brand" href="#/">
          <b>预算</b>
          <span>Yusuan</span>
        </a>
        {start.value && <Search files={start.value.search_files} />}
        <nav aria-label={t("start")}>
          <a href={to(["compare"])} aria-current={parts[0] === "compare" ? "page" : undefined}>
            {t("compare")}
          </a>
          <a href={to(["quality"])} aria-current={parts[0] === "quality" ? "page" : undefined}>
            {t("quality")}
          </a>
        </nav>
        <div class="settings">
          <label class="visually-hidden" for="unit">
            {t("unit")}
          </label>
          <select id="unit" value={unit} onChange={(event) => setUnit(event.currentTarget.value)}>
            {UNIT_NAMES.map((name) => (
              <option value={name}>{t(`unit_${name}`)}</option>
            ))}
          </select>
          <button type="button" lang={language === "zh" ? "en" : "zh-CN"} onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>
            {t("language")}
          </button>
        </div>
      </header>
      <main class="page" id="content" tabindex="-1" ref={main}>
        <Page {...{ parts, query, start }} />
      </main>
      <footer class="foot">
        {start.value && (
          <p>
            {t("made_from", start.value.dataset)} · {t("licence", start.value.dataset)}
          </p>
        )}
        <p>
          {t("copyright_note")} {t("no_tracking")} <a href="./licences.txt">{t("libraries")}</a>
        </p>
      </footer>
    </>
  );
}

/** The page of an address. */
function Page({ parts, query, start }) {
  const { t } = useWords();
  if (!parts.length) return <Loaded state={start}>{(value) => <Start start={value} />}</Loaded>;
  if (!isView(parts[0])) return <p class="note bad">{t("missing")}</p>;
  return <Opened key={parts[0]} {...{ parts, query, start }} />;
}

function Opened({ parts, query, start }) {
  const view = useLoaded(() => viewOf(parts, query), []);
  const both = { error: view.error ?? start.error, value: view.value && start.value && view.value };
  return <Loaded state={both}>{(View) => <View key={parts.join("/")} parts={parts.slice(1)} query={query} start={start.value} />}</Loaded>;
}
