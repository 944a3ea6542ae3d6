// A part of a page, with its heading, what is said of it, and where to go from it; and the list of the parts of a page.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../i18n.js";
import { to, usePlace } from "../router.js";

const MOVED = ["wheel", "touchstart", "pointerdown", "keydown"]; // a reader who does something goes where they want

/** An address may ask for a part of its page (`?at=` its id): it is in view while what stands above it is still coming. */
export function Section({ id, title, note, more, children }) {
  const own = useRef(null);
  const wanted = usePlace().query.at === id;
  useEffect(() => {
    if (!wanted) return undefined;
    const grown = new ResizeObserver(() => own.current?.scrollIntoView());
    const stop = () => grown.disconnect();
    grown.observe(document.body);
    MOVED.forEach((event) => window.addEventListener(event, stop));
    return () => {
      stop();
      MOVED.forEach((event) => window.removeEventListener(event, stop));
    };
  }, [wanted]);
  return (
    <section id={id} class="part" aria-labelledby={`${id}-h`} ref={own}>
      <h2 id={`${id}-h`}>{title}</h2>
      {more && (
        <p class="more no-print">
          <a href={more.href}>{more.text} →</a>
        </p>
      )}
      {note && <p class="note">{note}</p>}
      {children}
    </section>
  );
}

/** Links to the parts of the page, those that there are; `of` is what their address says beside. */
export function Contents({ of }) {
  const { t, language } = useWords();
  const { parts } = usePlace();
  const [found, setFound] = useState([]);
  useLayoutEffect(() => {
    const sections = [...document.querySelectorAll("main section.part[id]")];
    const titles = sections.map((section) => section.querySelector("h2").textContent);
    const first = sections.map((section, n) => [section.id, titles[n]]).filter(([, title], n) => titles.indexOf(title) === n);
    setFound(first); // parts of one title are of several documents, one below the other
  }, [language, of]);
  return (
    <nav class="contents no-print" aria-label={t("contents")}>
      {found.map(([id, title]) => (
        <a key={id} href={to(parts, { of, at: id })} onClick={() => document.getElementById(id).scrollIntoView()}>
          {title}
        </a>
      ))}
    </nav>
  );
}
