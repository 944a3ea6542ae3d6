// Long lists of a department's page: projects with their targets, purchases, units.
import { useState } from "preact/hooks";
import { projects } from "../data.js";
import { useWords } from "../i18n.js";
import { Loaded, useLoaded } from "../loading.jsx";
import { fen } from "../money.js";
import { Amount } from "../parts/amount.jsx";
import { Bars } from "../parts/bars.jsx";
import { Section } from "../parts/section.jsx";
import { Table, Tools } from "../parts/table.jsx";
import { sqlOfList } from "./disclosures.js";

const MOST_BARS = 10;
const MOST_PROJECTS = 30;

/** Lines of one kind: purchases, or units. */
export function Listed({ one, body, id, title, list, asked }) {
  const { t, count } = useWords();
  if (!list.number) return null;
  const rows = list.rows.map((row) => ({ ...row, amount: fen(row.amount), lines: row.line ? [row.line] : undefined }));
  const first = asked ? [...rows].sort((a, b) => (b.name === asked) - (a.name === asked)) : rows;
  return (
    <Section
      id={id}
      title={title}
      note={list.number > rows.length ? t("shown_of", { n: count(rows.length), of: count(list.number) }) : undefined}
    >
      <Table
        name={`${id}-${one.disclosure_id}`}
        caption={title}
        some={MOST_BARS}
        columns={[
          {
            key: "name",
            label: t("name"),
            show: (row) => (
              <>
                <bdi>{row.name}</bdi>
                {row.unit && (
                  <small>
                    {" "}
                    <bdi>{row.unit}</bdi>
                  </small>
                )}
              </>
            ),
          },
          {
            key: "amount",
            label: t("amount"),
            kind: "money",
            show: (row) => <Amount value={row.amount} lines={row.lines} documents={body.documents} />,
          },
          { key: "page", label: t("page"), kind: "number", show: (row) => row.page ?? "–" },
        ]}
        rows={first}
        sql={sqlOfList(id, one, body, list.rows.length)}
      />
    </Section>
  );
}

export function Projects({ one, body, asked }) {
  const { t, count } = useWords();
  const [open, setOpen] = useState(Boolean(asked));
  const described = useLoaded(() => (open ? projects(body.id) : Promise.resolve(null)), [body.id, open]);
  const rows = one.projects.rows.map((row) => ({ ...row, value: fen(row.amount) }));
  const hasLines = rows.length > 0;
  const files = new Set(one.documents.map((n) => body.documents[n].document_id));
  return (
    <Section id="projects" title={t("projects")}>
      {hasLines && (
        <Bars
          label={t("projects")}
          rows={rows.slice(0, MOST_BARS).map((row, n) => ({
            key: n,
            name: row.name,
            note: row.unit,
            value: row.value,
            hue: 3,
            show: <Amount value={row.value} lines={row.line ? [row.line] : undefined} documents={body.documents} />,
          }))}
        />
      )}
      {hasLines && one.projects.number > MOST_BARS && <p class="note">{t("shown_of", { n: MOST_BARS, of: count(one.projects.number) })}</p>}
      <div class="tools">
        {hasLines && (
          <Tools
            name={`project_spending-${one.disclosure_id}`}
            columns={["name", "amount", "page"].map((key) => ({ key, kind: key === "amount" ? "money" : undefined }))}
            rows={rows.map((row) => ({ name: row.name, amount: row.value, page: row.page }))}
            sql={sqlOfList("projects", one, body, rows.length)}
          />
        )}
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("projects_open")} {open ? "▴" : "▾"}
        </button>
      </div>
      {open && (
        <Loaded state={described}>
          {(found) =>
            found && (
              <Described
                found={found.projects.filter((row) => files.has(row.document_id))}
                asked={asked}
                lines={one.projects.rows}
                body={body}
              />
            )
          }
        </Loaded>
      )}
    </Section>
  );
}

function Described({ found, asked, lines, body }) {
  const { t, count } = useWords();
  const [all, setAll] = useState(false);
  const listed = found.length ? found : lines.map((row) => ({ project: row.name, amount: row.amount, targets: [], line: row.line }));
  const order = [...listed].sort(
    (a, b) => (b.project === asked) - (a.project === asked) || (fen(a.amount ?? 0) < fen(b.amount ?? 0) ? 1 : -1),
  );
  if (!order.length) return <p class="note">{t("nothing_found")}</p>;
  const lineOf = (row) => row.line ?? lines.find((line) => line.name === row.project && String(line.amount) === String(row.amount))?.line;
  return (
    <>
      <ul class="projects">
        {(all ? order : order.slice(0, MOST_PROJECTS)).map((row) => (
          <li>
            <details open={row.project === asked}>
              <summary>
                <bdi>{row.project}</bdi>
                <span class="money">
                  {row.amount === null ? (
                    "–"
                  ) : (
                    <Amount value={fen(row.amount)} lines={lineOf(row) ? [lineOf(row)] : undefined} documents={body.documents} />
                  )}
                </span>
                {row.targets.length > 0 && <small>{t("targets_n", { n: row.targets.length })}</small>}
              </summary>
              <dl>
                {["basis", "implementer", "period", "goal"]
                  .filter((key) => row[key])
                  .map((key) => (
                    <div>
                      <dt>{t(key)}</dt>
                      <dd>
                        <bdi>{row[key]}</bdi>
                      </dd>
                    </div>
                  ))}
              </dl>
              {row.targets.length > 0 && (
                <table>
                  <thead>
                    <tr>
                      <th scope="col" colspan={3}>
                        {t("goal")}
                      </th>
                      <th scope="col">{t("target")}</th>
                      <th scope="col">{t("weight")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {row.targets.map(([dimension, sub, indicator, operator, target, unit, weight]) => (
                      <tr>
                        <td>
                          <bdi>{dimension}</bdi>
                        </td>
                        <td>
                          <bdi>{sub}</bdi>
                        </td>
                        <td>
                          <bdi>{indicator}</bdi>
                        </td>
                        <td>
                          <bdi>{[operator, target, unit].filter(Boolean).join(" ")}</bdi>
                        </td>
                        <td>{weight ?? ""}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </details>
          </li>
        ))}
      </ul>
      {!all && order.length > MOST_PROJECTS && (
        <button type="button" onClick={() => setAll(true)}>
          {t("more_rows", { n: count(order.length) })}
        </button>
      )}
    </>
  );
}
