// Figures of the text and of lists on a department's page: single ones as tiles, quantities of what is bought as a table.
import { useState } from "preact/hooks";
import { useWords } from "../i18n.js";
import { fen } from "../money.js";
import { Section } from "../parts/section.jsx";
import { quoted, sqlLines } from "../csv.js";
import { Table } from "../parts/table.jsx";
import { toFigure } from "../router.js";
import { useFigure } from "./figures.js";

const TOTAL = "procurement_quantity_total"; // of all that a unit buys, or all units
const QUANTITIES = ["procurement_quantity", TOTAL];
const SOME = 10;

/** How much is bought of each thing, as the list of purchases prints it; after them what it prints as the sum of unlike things. */
export function Quantities({ one, body }) {
  const { t } = useWords();
  const { told } = useFigure();
  const rows = QUANTITIES.flatMap((name) => one.figures.filter((row) => row.indicator === name && fen(row.value) !== 0n));
  if (!rows.length) return null;
  const files = [...new Set(rows.map((row) => row.document))].map((file) => quoted(body.documents[file].document_id));
  return (
    <Section id="quantities" title={t("quantities", { name: t("purchases") })}>
      <Table
        name={`procurement_quantities-${one.disclosure_id}`}
        caption={t("quantities", { name: t("purchases") })}
        some={SOME}
        columns={[
          {
            key: "name",
            label: t("name"),
            show: (row) => (
              <>
                <bdi>{row.name ?? "–"}</bdi>
                {row.indicator === TOTAL && <small> {t("subtotal")}</small>}
              </>
            ),
          },
          {
            key: "value",
            label: t("quantity"),
            kind: "number",
            show: (row) => (
              <a class="amount" href={toFigure(body.documents[row.document].document_id, row.item)}>
                {row.told}
              </a>
            ),
          },
          { key: "page", label: t("page"), kind: "number" },
        ]}
        rows={rows.map((row) => ({ ...row, told: told(row), value: told(row).replaceAll(",", "") }))}
        sql={sqlLines(
          "SELECT name, value, page",
          "FROM key_figures",
          `WHERE document_id IN (${files.join(", ")}) AND indicator IN (${QUANTITIES.map(quoted).join(", ")}) AND value <> 0`,
          "ORDER BY indicator, document_id, item;",
        )}
      />
    </Section>
  );
}

export function Figures({ one, body }) {
  const { t } = useWords();
  const single = one.figures.filter((row) => !QUANTITIES.includes(row.indicator));
  const files = [...new Set(single.map((row) => row.document))];
  return (
    <>
      {files.map((file) => (
        <Section
          id={`figures-${file}`}
          key={file}
          title={t("figures")}
          note={files.length > 1 ? t("from_document", { name: body.documents[file].file_name }) : undefined}
        >
          <FiguresOf rows={single.filter((row) => row.document === file)} document={body.documents[file].document_id} />
        </Section>
      ))}
    </>
  );
}

/** The figures of one document's text, each once; those that are zero when asked for. */
function FiguresOf({ rows, document }) {
  const { t } = useWords();
  const { called, told } = useFigure();
  const [all, setAll] = useState(false);
  const once = [...new Map(rows.map((row) => [`${row.indicator} ${row.name ?? ""} ${row.value}`, row])).values()];
  const zeros = once.filter((row) => fen(row.value) === 0n);
  const shown = all ? once : once.filter((row) => fen(row.value) !== 0n);
  return (
    <>
      <dl class="figures">
        {shown.map((row) => (
          <div key={row.item}>
            <dt>
              <bdi>{called(row)}</bdi>
            </dt>
            <dd>
              <a class="amount" href={toFigure(document, row.item)} data-tip={row.page ? t("page_n", { n: row.page }) : undefined}>
                {told(row)}
              </a>
            </dd>
          </div>
        ))}
      </dl>
      {zeros.length > 0 && !all && (
        <p class="tools">
          <button type="button" onClick={() => setAll(true)}>
            {t("zeros_n", { n: zeros.length })}
          </button>
        </p>
      )}
    </>
  );
}

