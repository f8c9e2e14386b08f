/** What lies under the pointer in real space, what the colours mean, and what is offered. */

import { clusterColour } from "../page/pictures/colours.ts";
import { applyDrawing, hints } from "../page/editing/drawing.ts";
import { resetMask, shownMask } from "../page/editing/editing.ts";
import { undo } from "../page/editing/history.ts";
import {
  detector,
  drawnMap,
  drawnMask,
  item,
  log,
  map,
  notice,
  pointed,
  probe,
  realView,
  run,
  tool,
  virtualImage,
} from "../page/state.ts";
import { formatFixed, formatNumber, formatSimilarity } from "../drawing/format.ts";
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
  const columns = item.value!.shape.columns, place = row * columns + column;
  const shown = drawnMap.value;
  const id = shown && place < shown.labels.length ? shown.labels[place] : -1;
  const mean = map.value?.mean[place], image = virtualImage.value;
  return (
    <output class="readout" aria-live="off">
      <span>
        row <b>{row}</b> column <b>{column}</b>
      </span>
      {shown && (
        <span>
          {id < 0 ? <ClusterLess place={place} /> : (
            <>
              <i class="swatch" style={{ background: clusterColour(shown, id) }} />
              <b>Cluster {numberOf(id)}</b>
            </>
          )}
        </span>
      )}
      {mean !== undefined && (
        <span>
          similarity <b>{formatSimilarity(mean)}</b>
        </span>
      )}
      {realView.value === "virtual" && image && (
        <span>
          <b>{formatNumber(image.values[place])}</b> counts
        </span>
      )}
    </output>
  );
}

/** While a threshold is dragged, new clusters have no number yet. */
function numberOf(id: number): string {
  const number = drawnMap.value!.numbers[id];
  return number > 0 ? String(number) : "…";
}

function ClusterLess({ place }: { readonly place: number }) {
  if (run.value) return <>in no cluster so far</>;
  if (shownMask.value[place] === 0) return <>outside the mask</>;
  const { operations, cursor } = log.value;
  const excluded = operations.slice(0, cursor).some(({ kind }) => kind === "exclude");
  return <>{excluded ? "excluded or below minimum size" : "below minimum size"}</>;
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
  switch (realView.value) {
    case "clusters":
      return (
        <div class="legend">
          <span>
            <i class="swatch" style={{ background: "var(--small)" }} />below minimum size
          </span>
          <span>
            <i class="swatch" style={{ background: "var(--outside)" }} />outside the mask
          </span>
        </div>
      );
    case "similarity": {
      const range = map.value?.meanRange;
      return range
        ? (
          <div class="legend">
            <ColourBar map="viridis" low={formatSimilarity(range[0])} high={formatSimilarity(range[1])} />
          </div>
        )
        : null;
    }
    case "virtual":
      return <VirtualLegend />;
    case "mask":
      return (
        <div class="legend">
          <span>
            <i class="swatch" style={{ background: "var(--accent)" }} />in the mask
          </span>
          <span>
            <i class="swatch" style={{ background: "var(--outside)" }} />outside
          </span>
        </div>
      );
  }
}

function VirtualLegend() {
  const image = virtualImage.value;
  if (!image) return null;
  const { inner = 0, outer } = detector.value;
  const radii = inner > 0
    ? `${formatFixed(inner, 1)} to ${formatFixed(outer, 1)} px`
    : `${formatFixed(outer, 1)} px`;
  return (
    <div class="legend">
      <span class="wide">{radii}{!image.exact && ", draft"}</span>
      <ColourBar
        map="grey"
        low={formatNumber(image.range[0], 3)}
        high={`${formatNumber(image.range[1], 3)} counts`}
      />
    </div>
  );
}
