// Where an amount of a comparison is printed: no page of its own, but the way to that of the lines that print it.
import { useEffect } from "preact/hooks";
import { department, disclosure } from "../data.js";
import { useWords } from "../i18n.js";
import { Loaded, useLoaded } from "../loading.jsx";
import { bodyOf, toDepartment, toDocument, toNumber } from "../router.js";

const CODED = ["function", "economic"]; // parts of a disclosure with a row for each code

export function Printed({ parts: [id, part, column], query }) {
  const state = useLoaded(async () => {
    const body = await department(bodyOf(id));
    return [body, await disclosure(body, id)];
  }, [id]);
  return (
    <Loaded state={state}>
      {([body, rest]) => (
        <Way where={addressOf(body, { ...body.disclosures.find((one) => one.disclosure_id === id), ...rest }, part, column, query.code)} />
      )}
    </Loaded>
  );
}

function Way({ where }) {
  const { t } = useWords();
  useEffect(() => window.location.replace(where), [where]);
  return (
    <p class="loading">
      <a href={where}>{t("show_page")}</a>
    </p>
  );
}

/** The page of the lines that print an amount; where not all are known or they are of several documents, that of the department. */
function addressOf(body, one, part, column, code) {
  const lines = linesOf(one, part, column, code);
  if (lines?.length && lines.every((line) => line[0] === lines[0][0])) {
    return toNumber(
      body.documents[lines[0][0]].document_id,
      lines.map((line) => line.slice(1, 4)),
    );
  }
  const place = part === "totals" && one.totals[column]?.[3];
  return place ? toDocument(body.documents[place[0]].document_id) : toDepartment(body.id, { of: one.disclosure_id });
}

function linesOf(one, part, column, code) {
  if (part === "totals") return one.totals[column]?.[2];
  if (part === "three_public") return one.three_public?.lines[column];
  if (!CODED.includes(part)) return null;
  const rows = one[part].filter((row) => column in row.amounts && row.code?.startsWith(code));
  return rows.every((row) => row.lines[column]) ? rows.flatMap((row) => row.lines[column]) : null;
}
