// Search by any part of a name or by pinyin initials; a question reads one file of the index (see pipeline/site/search.py).
import { useEffect, useRef, useState } from "preact/hooks";
import { searchFile } from "../data.js";
import { useWords } from "../i18n.js";
import { to, toDepartment } from "../router.js";

const MOST = 12;
const EMPTY = 50; // a code that leads to no amount comes after all else
const ORDER = { d: 0, u: 1, c: 2, p: 3 };

/** The file with the answers to a question: FNV-1a over its first two characters, as the writer of the index has it. */
function fileOf(question, files) {
  let value = 0x811c9dc5;
  for (let n = 0; n < Math.min(2, question.length); n++) value = Math.imul(value ^ question.charCodeAt(n), 0x01000193) >>> 0;
  return files > 1 ? value % files : 0;
}

/** What a code is called, as the index of the search has it; "" for codes that no mart has. */
export async function nameOfCode(scheme, code, files) {
  if (code.length < 3) return "";
  const rows = await searchFile(fileOf(code, files));
  return rows.find(([kind, , , , target]) => kind === "c" && `${target}:`.startsWith(`${scheme}:${code}:`))?.[1] ?? "";
}

function rank([kind, name, initials, about, , weight], question) {
  const lower = name.toLowerCase();
  const fits =
    lower === question
      ? 0
      : lower.startsWith(question)
        ? 1
        : lower.includes(question)
          ? 2
          : initials.startsWith(question) || (kind === "d" && initials.endsWith(question))
            ? 3
            : initials.includes(question)
              ? 4
              : about.startsWith(question) && kind === "c"
                ? 3
                : -1;
  const empty = kind === "c" && !weight ? EMPTY : 0;
  return fits < 0 ? null : fits * 10 + ORDER[kind] * 2 + empty - weight / 1e5;
}

async function answers(text, files) {
  const question = text.trim().toLowerCase().replace(/\s+/g, "");
  if (!question || (question.length < 2 && files > 1)) return [];
  const rows = await searchFile(fileOf(question, files));
  return rows
    .map((row) => [rank(row, question), row])
    .filter(([order]) => order !== null)
    .sort(([a], [b]) => a - b)
    .slice(0, MOST)
    .map(([, row]) => row);
}

function addressOf([kind, name, , , target]) {
  if (kind === "c") {
    const [scheme, code, year, measure] = target.split(":");
    return to(["compare"], { what: scheme, code, year, measure });
  }
  return toDepartment(target, kind === "p" ? { project: name } : kind === "u" ? { unit: name } : {});
}

export function Search({ files }) {
  const { t, placeName } = useWords();
  const [text, setText] = useState("");
  const [found, setFound] = useState(null);
  const [at, setAt] = useState(-1);
  const box = useRef(null);
  useEffect(() => {
    let wanted = true;
    if (!text.trim()) {
      setFound(null);
      return undefined;
    }
    answers(text, files).then(
      (rows) => wanted && (setFound(rows), setAt(-1)),
      () => wanted && setFound([]),
    );
    return () => {
      wanted = false;
    };
  }, [text]);
  const close = () => {
    setText("");
    setFound(null);
  };
  const key = (event) => {
    if (event.key === "Escape") return close();
    if (!found?.length) return undefined;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => (now + step + found.length) % found.length);
    }
    if (event.key === "Enter") {
      window.location.hash = addressOf(found[Math.max(at, 0)]);
      close();
      box.current.blur();
    }
    return undefined;
  };
  const leave = (event) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setFound(null);
  };
  return (
    <div class="search" role="search" onFocusOut={leave}>
      <input
        ref={box}
        type="search"
        role="combobox"
        aria-expanded={Boolean(found)}
        aria-controls="found"
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `found-${at}` : undefined}
        aria-label={t("search")}
        placeholder={t("search")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={key}
        autocomplete="off"
        spellcheck={false}
      />
      {found && (
        <ul id="found" role="listbox" aria-label={t("search")}>
          {found.map((row, n) => (
            <li id={`found-${n}`} role="option" aria-selected={n === at}>
              <a href={addressOf(row)} tabindex="-1" onClick={close}>
                <span class={`kind kind-${row[0]}`}>{t(`kind_${row[0]}`)}</span>
                <bdi>{row[1]}</bdi>{" "}
                <small>
                  <bdi>{placeName(row[3])}</bdi>
                </small>
              </a>
            </li>
          ))}
          {!found.length && (
            <li class="empty" role="option" aria-selected="false">
              {t("nothing_found")} · {t("search_hint")}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
