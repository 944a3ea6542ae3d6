// From source to purpose: where the money comes from, left; what it is spent on, right.
import { sankey, sankeyJustify, sankeyLinkHorizontal } from "d3-sankey";
import { useWords } from "../i18n.js";
import { exact, size } from "../money.js";
import { useWidth } from "./width.js";

const ROW = 34; // pixels for a node and its words
const NARROW = 560;
const LATIN_END = 0x2e80; // code points below are narrow
const HALF = 0.58;

/** @param sources, purposes lists of { key, name, value (fen), hue, href? } */
export function Sankey({ sources, purposes, centre, label }) {
  const { t, amount } = useWords();
  const [frame, width] = useWidth();
  const narrow = width < NARROW;
  const height = Math.max(220, ROW * Math.max(sources.length, purposes.length) + 20);
  const nodes = [
    ...sources.map((one) => nodeOf(one, `s${one.key}`, "source")),
    { id: "centre", name: centre, side: "centre" },
    ...purposes.map((one) => nodeOf(one, `p${one.key}`, "purpose")),
  ];
  const links = [
    ...sources.map((one) => ({ source: `s${one.key}`, target: "centre", value: size(one.value), of: one })),
    ...purposes.map((one) => ({ source: "centre", target: `p${one.key}`, value: size(one.value), of: one })),
  ];
  const margin = narrow ? 4 : 225;
  const drawn = width
    ? sankey()
        .nodeId((node) => node.id)
        .nodeAlign(sankeyJustify)
        .nodeSort(null)
        .nodeWidth(narrow ? 8 : 12)
        .nodePadding(narrow ? 24 : 19)
        .extent([
          [margin, narrow ? 20 : 8],
          [width - margin, height - 8],
        ])({ nodes, links })
    : { nodes: [], links: [] };
  const path = sankeyLinkHorizontal();
  return (
    <div ref={frame} class="sankey">
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${label}: ${[...sources, ...purposes].map((one) => `${one.name} ${amount(one.value)}`).join("; ")}`}
      >
        {drawn.links.map((link) => (
          <path
            d={path(link)}
            class={`flow hue-${link.of.hue}`}
            stroke-width={Math.max(1, link.width)}
            data-tip={`${link.of.name} ${exact(link.of.value)} ${t("yuan")}`}
          />
        ))}
        {drawn.nodes.map((node) => {
          const left = node.side === "source";
          return (
            <g class={`node hue-${node.hue ?? "c"}`}>
              <rect x={node.x0} y={node.y0} width={node.x1 - node.x0} height={Math.max(1.5, node.y1 - node.y0)} />
              {node.side !== "centre" && (
                <text
                  {...(narrow ? beside(node, left) : { x: left ? node.x0 - 8 : node.x1 + 8, y: (node.y0 + node.y1) / 2, dy: "0.35em" })}
                  text-anchor={narrow === left ? "start" : "end"}
                >
                  <tspan>{shortened(node.name, narrow ? 12 : 13)}</tspan>
                  <tspan class="value" dx="5">
                    {amount(node.amount)}
                  </tspan>
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

// Nodes are given their sizes by the layout; the exact amount stands beside.
const nodeOf = ({ key, name, hue, value }, id, side) => ({ id, side, key, name, hue, amount: value });

/**
 * Where the words of a node stand on a narrow page: over it; of a source that is tall enough, in its flow, out of the way of the
 * purposes.
 */
const beside = (node, left) =>
  left && node.y1 - node.y0 > ROW ? { x: node.x1 + 6, y: node.y0 + ROW / 2 } : { x: left ? node.x0 : node.x1, y: node.y0 - 5 };

/** `text` as far as it fits: a Latin letter is about half as wide as a Chinese character. */
function shortened(text, most) {
  let room = most;
  for (let n = 0; n < text.length; n++) {
    room -= text.charCodeAt(n) < LATIN_END ? HALF : 1;
    if (room < 0) return `${text.slice(0, n)}…`;
  }
  return text;
}
