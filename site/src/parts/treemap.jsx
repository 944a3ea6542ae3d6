// Spending as tiles, each as large as its amount: 类, within it 款, within it 项. The table beside it says the same in rows.
import { hierarchy, treemap } from "d3-hierarchy";
import { useState } from "preact/hooks";
import { useWords } from "../i18n.js";
import { exact, percent, size, sum } from "../money.js";
import { useWidth } from "./width.js";

const HUES = 10;
const HEADER = 24; // pixels: the words over a group of tiles
const LABEL = { width: 58, height: 30 }; // pixels below which a tile shows no words

/** Rows { code, name, value (fen) } as a tree by the beginnings of their codes; `name` is what all of it is called. */
export function treeOf(rows, lengths, nameOf, name) {
  const root = { code: "", name, children: [] };
  const groups = new Map();
  for (const row of rows) {
    let node = root;
    for (const length of lengths) {
      if (!row.code || row.code.length <= length) break;
      const code = row.code.slice(0, length);
      if (!groups.has(code)) {
        const made = { code, name: nameOf(code), children: [] };
        groups.set(code, made);
        node.children.push(made);
      }
      node = groups.get(code);
    }
    node.children.push({ ...row, children: [] });
  }
  const total = (node) => {
    node.children.forEach(total);
    node.value = node.children.length ? sum(node.children.map((child) => child.value)) : node.value;
    node.children.sort((a, b) => (a.value < b.value ? 1 : a.value > b.value ? -1 : 0));
    return node;
  };
  return total(root);
}

export function Treemap({ root, label, onLeaf }) {
  const { t, amount } = useWords();
  const [path, setPath] = useState([]);
  const [frame, width] = useWidth();
  let here = root;
  for (const code of path) here = here.children.find((child) => child.code === code) ?? here;
  const height = Math.max(280, Math.min(460, width * 0.52));
  const tree = hierarchy({ node: here }, ({ node }) => insideOf(node, here).map((child) => ({ node: child })));
  tree.sum(({ node }) => (node === here || insideOf(node, here).length ? 0 : size(node.value)));
  const drawn = width
    ? treemap()
        .size([width, height])
        .paddingInner(2)
        .paddingTop(({ depth }) => (depth === 1 ? HEADER : 0))
        .round(true)(tree)
        .descendants()
        .slice(1)
    : [];
  return (
    <div class="treemap" role="group" aria-label={label}>
      <p class="path">
        {path.length > 0 && (
          <button type="button" onClick={() => setPath(path.slice(0, -1))}>
            ← {t("up")}
          </button>
        )}
        <b>{here.code ? `${here.code} ${here.name}` : here.name}</b> <span>{amount(here.value)}</span>
      </p>
      <div class="tiles" ref={frame} style={{ height: `${height}px` }}>
        {drawn.map(({ data: { node }, depth, x0, y0, x1, y1, children, parent }) => {
          const roomy = x1 - x0 > LABEL.width && (children || y1 - y0 > LABEL.height);
          const said = `${node.name} ${exact(node.value)} ${t("yuan")} · ${percent(node.value, here.value)}%`;
          const top = depth === 1 ? node : parent.data.node;
          const props = {
            class: `tile hue-${hueOf(node)}${children ? " group" : ""}${roomy ? "" : " bare"}`,
            style: {
              left: `${x0}px`,
              top: `${y0}px`,
              width: `${x1 - x0}px`,
              height: `${children ? Math.min(HEADER, y1 - y0) : y1 - y0}px`,
            },
            "data-tip": said,
          };
          const words = roomy ? (
            <>
              <bdi class="tile-name">{node.name}</bdi> <span class="tile-amount">{amount(node.value)}</span>
            </>
          ) : (
            <span class="visually-hidden">{said}</span>
          );
          const address = !node.children.length && onLeaf(node);
          const id = `${depth} ${node.code} ${node.name}`;
          if (address)
            return (
              <a key={id} {...props} href={address}>
                {words}
              </a>
            );
          if (!top.children.length)
            return (
              <span key={id} {...props}>
                {words}
              </span>
            );
          return (
            <button key={id} type="button" {...props} onClick={() => setPath([...path, top.code])}>
              {words}
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** What is drawn within a node: of the one that is shown its children, of each of these theirs, where there are several. */
function insideOf(node, here) {
  const inside = node.children.filter((child) => child.value > 0n);
  return node === here || (here.children.includes(node) && inside.length > 1) ? inside : [];
}

const hueOf = (node) => node.hue ?? (Number.parseInt((node.code ?? "0").slice(0, 3), 10) || 0) % HUES;
