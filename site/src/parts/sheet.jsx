// The picture of a page with boxes over it: the number in question, and others that it is added up with.
import { useEffect, useRef, useState } from "preact/hooks";
import { picture } from "../data.js";
import { useWords } from "../i18n.js";

const ROOM = 3; // points around a number
const READABLE = 1.6; // pixels a point, at which digits of 8 pt are read
const ABOVE = 90; // points that are shown over the first of some numbers, and below the last
const BELOW = 36;
const BESIDE = 40; // points that are shown to the right of a number
const READ_WHOLE = 700; // points: a broader page is not read in the width of a sheet of paper
const NEAR = 240; // points left and right of a number that is shown nearer

/** @param marks { box: [x0, y0, x1, y1] in points, kind: "main" | "other" }; @param size [width, height, pixels per point] */
export function Sheet({ document, page, size: [width, height, scale], marks }) {
  const { t } = useWords();
  const [whole, setWhole] = useState(false);
  const frame = useRef(null);
  const main = marks.find((mark) => mark.kind === "main");
  const centre = () => {
    const at = frame.current;
    if (!at || !main) return;
    const shown = at.firstElementChild.clientWidth / width;
    // What names the row stands left of the number: no further to the right than the number needs.
    at.scrollLeft = (main.box[2] + BESIDE) * scale * shown - at.clientWidth;
    at.scrollTop = ((main.box[1] + main.box[3]) / 2) * scale * shown - at.clientHeight / 2;
  };
  useEffect(() => {
    centre();
    const watch = new ResizeObserver(centre); // a phone is turned
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, [whole, document, page, main?.box.join()]);
  return (
    <figure class={`sheet${whole ? " whole" : ""}`}>
      <div class="frame" ref={frame} tabindex="0" role="region" aria-label={t("picture_of", { n: page })}>
        <div class="paper" style={whole ? {} : { width: `${Math.round((width / scale) * READABLE)}px` }}>
          <img src={picture(document, page)} width={width} height={height} alt={t("picture_of", { n: page })} onLoad={centre} />
          <svg viewBox={`0 0 ${width / scale} ${height / scale}`} aria-hidden="true">
            {marks.map(({ box: [x0, y0, x1, y1], kind }) => (
              <rect class={kind} x={x0 - ROOM} y={y0 - ROOM} width={x1 - x0 + 2 * ROOM} height={y1 - y0 + 2 * ROOM} rx="1.5" />
            ))}
          </svg>
        </div>
      </div>
      <figcaption>
        {t("page_n", { n: page })}{" "}
        <button type="button" aria-pressed={whole} onClick={() => setWhole(!whole)}>
          {whole ? t("zoomed") : t("whole_page")}
        </button>
      </figcaption>
    </figure>
  );
}

/**
 * The part of a page that some numbers stand in, for print: as broad as the page, from above the first to below the last. Of a page too
 * broad to be read so, the first of them nearer too.
 */
export function Cut({ document, page, size, boxes }) {
  const [width, , scale] = size;
  return (
    <>
      <Strip {...{ document, page, size, boxes }} from={0} to={width / scale} />
      {width / scale > READ_WHOLE && (
        <Strip {...{ document, page, size }} boxes={boxes.slice(0, 1)} from={boxes[0][0] - NEAR} to={boxes[0][2] + NEAR} />
      )}
    </>
  );
}

function Strip({ document, page, size: [width, height, scale], boxes, from, to }) {
  const { t } = useWords();
  const [across, down] = [width / scale, height / scale];
  const top = Math.max(0, Math.min(...boxes.map((box) => box[1])) - ABOVE);
  const low = Math.min(down, Math.max(...boxes.map((box) => box[3])) + BELOW);
  return (
    <figure class="sheet">
      <svg class="cut" viewBox={`${from} ${top} ${to - from} ${low - top}`} role="img" aria-label={t("picture_of", { n: page })}>
        <image href={picture(document, page)} width={across} height={down} />
        {boxes.map(([x0, y0, x1, y1]) => (
          <rect class="main" x={x0 - ROOM} y={y0 - ROOM} width={x1 - x0 + 2 * ROOM} height={y1 - y0 + 2 * ROOM} rx="1.5" />
        ))}
      </svg>
    </figure>
  );
}
