// CSV of what a table shows, and SQL that gives the same rows.

const RISKY = /^[=+\-@\t\r]/; // a spreadsheet would run it
const NUMBER = /^-?\d+(\.\d+)?$/;

function cell(value) {
  if (value === null || value === undefined) return "";
  let text = String(value);
  if (RISKY.test(text) && !NUMBER.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(columns, rows) {
  return [columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export function download(name, text) {
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;

/** A query from its lines. */
export const sqlLines = (...lines) => lines.join("\n");
