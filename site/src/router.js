// Where one is: the part of the address behind #, so that the site needs no server and works below any path.
import { useEffect, useState } from "preact/hooks";

export function place() {
  const [path, query = ""] = window.location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean).map(decode);
  return { parts, query: Object.fromEntries(new URLSearchParams(query)) };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function to(parts, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const asked = new URLSearchParams(given).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${asked ? `?${asked}` : ""}`;
}

export function usePlace() {
  const [here, setHere] = useState(place);
  useEffect(() => {
    const moved = () => setHere(place());
    window.addEventListener("hashchange", moved);
    return () => window.removeEventListener("hashchange", moved);
  }, []);
  return here;
}

export const toDepartment = (id, query) => to(["d", id], query);
export const toDocument = (id) => to(["doc", id]);

/** The page of a figure of the text. */
export const toFigure = (document, item) => to(["f", document, item]);

/** Where an amount of a mart is printed: of a disclosure, the mart's part of its page, the column, and of several codes their beginning. */
export const toPrinted = (disclosure, part, column, code) => to(["printed", disclosure, part, column], { code });

/** The body that a disclosure is of. */
export const bodyOf = (disclosure) => disclosure.split("-").slice(0, 2).join("-");

/** The page of a number: one or several lines of a document, each [statement_no, row, column]. */
export const toNumber = (document, lines) => to(["n", document, lines.map((line) => line.join(".")).join("+")]);
