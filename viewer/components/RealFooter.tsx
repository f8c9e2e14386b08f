/** What lies under the pointer in real space, what the colours mean, and what is offered. */

import { applyDrawing, hints } from "../page/editing/drawing.ts";
import { resetMask } from "../page/editing/editing.ts";
import { undo } from "../page/editing/history.ts";
import { drawnMask, item, notice, pointed, probe, tool } from "../page/state.ts";
import { realView, realViews } from "../page/views/real_views.ts";
import type { Reading } from "../page/views/view.ts";
import { ColourBar } from "./ColourBar.tsx";

export function RealFooter() {
  const hint = hints[tool.value];
  return (
    <footer>
      <Readout />
      {notice.value ? <Notice /> : (
        <>
          {!item.value!.calibration.pixelSize && (
            <span class="wide legend" title="Neither the file nor --pixel-size says how far apart probes are">
              no scale
            </span>
          )}
          <Legend />
        </>
      )}
      {hint && (
        <div class="tool-state">
          <span>
            {hint} <kbd>Alt</kbd> brings back.
          </span>
          {drawnMask.value && (
            <button type="button" class="button small" onClick={resetMask}>Mask of the run</button>
          )}
          <button type="button" class="button small" onClick={() => tool.value = "select"}>Cancel</button>
          <button type="button" class="button small primary" onClick={applyDrawing}>Apply</button>
        </div>
      )}
    </footer>
  );
}

function Readout() {
  const { row, column } = pointed.value ?? probe.value;
  const place = row * item.value!.shape.columns + column;
  const readers = realViews.filter((view) => view.alwaysRead || view === realView.value);
  return (
    <output class="readout" aria-live="off">
      <span>
        row <b>{row}</b> column <b>{column}</b>
      </span>
      {readers.map(({ name, read }) => {
        const reading = read?.(place);
        return reading && <Part key={name} {...reading} />;
      })}
    </output>
  );
}

function Part({ colour, before, value, after }: Reading) {
  return (
    <span>
      {colour && <i class="swatch" style={{ background: colour }} />}
      {before}
      {before && value && " "}
      {value && <b>{value}</b>}
      {after && ` ${after}`}
    </span>
  );
}

function Notice() {
  const { text, undo: undoable } = notice.value!;
  return (
    <div class="notice" role="status">
      <span>{text}</span>
      {undoable && <button type="button" class="link" onClick={undo}>Undo</button>}
    </div>
  );
}

function Legend() {
  const legend = realView.value.legend.value;
  if (!legend) return null;
  return (
    <div class="legend">
      {legend.kind === "categories"
        ? legend.categories.map(({ colour, name }) => (
          <span key={name}>
            <i class="swatch" style={{ background: colour }} />
            {name}
          </span>
        ))
        : (
          <>
            {legend.note && <span class="wide">{legend.note}</span>}
            <ColourBar map={legend.map} low={legend.low} high={legend.high} />
          </>
        )}
    </div>
  );
}
