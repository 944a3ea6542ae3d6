// A short note beside what the pointer or the keyboard is on: the text in its `data-tip`.
import { useEffect, useState } from "preact/hooks";

const GAP = 8; // pixels

export function Tip() {
  const [shown, setShown] = useState(null);
  useEffect(() => {
    const show = (event) => {
      const on = event.target.closest?.("[data-tip]");
      if (!on) return setShown(null);
      const box = on.getBoundingClientRect();
      setShown({
        text: on.dataset.tip,
        x: Math.min(Math.max(box.left + box.width / 2, 130), window.innerWidth - 130),
        y: box.top,
        low: box.bottom,
      });
    };
    const hide = (event) => (event.type !== "keydown" || event.key === "Escape") && setShown(null);
    const events = [
      ["pointerover", show],
      ["focusin", show],
      ["focusout", hide],
      ["scroll", hide],
      ["keydown", hide],
      ["hashchange", hide],
    ];
    for (const [name, handle] of events) window.addEventListener(name, handle, { passive: true });
    return () => events.forEach(([name, handle]) => window.removeEventListener(name, handle));
  }, []);
  if (!shown) return null;
  const below = shown.y < 110;
  return (
    <div
      class={`tip${below ? " below" : ""}`}
      role="tooltip"
      style={{ left: `${shown.x}px`, top: `${below ? shown.low + GAP : shown.y - GAP}px` }}
    >
      {shown.text}
    </div>
  );
}
