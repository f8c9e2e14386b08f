/** What lies under the pointer in real space, what the colours mean, and what is offered. */

import { applyDrawing, averageDrawing, brushRadius, hasDrawn, hints } from "../page/editing/drawing.ts";
import { resetMask } from "../page/editing/editing.ts";
import { paintedCluster, paintInto, paintNew } from "../page/editing/painting.ts";
import { undo } from "../page/editing/history.ts";
import {
  drawnMask,
  item,
  labelled,
  notice,
  pointed,
  probe,
  readable,
  run,
  tab,
  tool,
} from "../page/state.ts";
import { mapMeasures, mapRuler } from "../page/looking/ruler.ts";
import { placeIn, type PlotPlace, plotPlace, probesIn } from "../page/series/pointed_plot.ts";
import { behind, frame as shownFrame } from "../page/series/time.ts";
import { trackColour } from "../page/series/tracks.ts";
import { formatCount } from "../drawing/format.ts";
import { realView, realViews } from "../page/views/real_views.ts";
import { type Category, type Legend as LegendOf, noValue } from "../page/views/view.ts";
import { ContrastButton } from "./ContrastButton.tsx";
import { CrystalLine } from "./CrystalLine.tsx";
import { DirectionKeys } from "./DirectionKeys.tsx";
import { Measures } from "./Measures.tsx";
import { Part } from "./Part.tsx";

export function RealFooter() {
  const hint = hints[tool.value];
  return (
    <footer>
      <Readout />
      {notice.value ? <Notice /> : (
        <>
          {!item.value!.calibration.pixelSize && (
            <button
              type="button"
              class="wide legend link"
              title="Nothing says how far apart probes are"
              onClick={() => tab.value = "parameters"}
            >
              Set scale…
            </button>
          )}
          <Legend />
        </>
      )}
      {hint && (
        <div class="tool-state">
          {notice.value ? <span role="status">{notice.value.text}</span> : (
            <span>
              {hint} <kbd>Alt</kbd> brings back.
            </span>
          )}
          {tool.value === "brush" && <BrushSize />}
          {drawnMask.value && (
            <button type="button" class="button small" onClick={resetMask}>Mask of the run</button>
          )}
          {readable.value && (
            <button
              type="button"
              class="button small"
              title="Shows the mean pattern of what is drawn; the mask stays"
              onClick={averageDrawing}
            >
              Mean pattern
            </button>
          )}
          {labelled.value && !run.value && <PaintButtons />}
          <button type="button" class="button small" onClick={() => tool.value = "select"}>Cancel</button>
          <button type="button" class="button small primary" onClick={applyDrawing}>Apply</button>
        </div>
      )}
      {!["clusters", "deflection", "tracks"].includes(realView.value.group) && (
        <CrystalLine place={readProbe().place} />
      )}
    </footer>
  );
}

/** The probe under the pointer, else that of the pattern: row, column and flat index. */
function readProbe() {
  const { row, column } = pointed.value ?? probe.value;
  return { row, column, place: row * item.value!.shape.columns + column };
}

function Readout() {
  const measured = mapRuler.ruled.value;
  if (measured) return <Measures of={mapMeasures(measured)} />;
  const plotted = realView.value.group === "tracks" ? plotPlace.value : null;
  if (plotted) return <PlotReadout {...plotted} />;
  const { row, column, place } = readProbe();
  const shown = realView.value, own = shown.group === "tracks";
  // Other views are of the frame that is open, which another one may be than the frame that is shown.
  const readers = realViews.filter((view) =>
    view === shown ? own || !behind.value : view.alwaysRead && !own && !behind.value
  );
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

/** What is pointed at in a plot of a series. */
function PlotReadout({ frame = shownFrame.value, track, at }: PlotPlace) {
  const probes = probesIn(track, frame), place = at && placeIn(at, frame);
  return (
    <output class="readout" aria-live="off">
      <span>
        frame <b>{frame}</b>
        {place && (
          <>
            {" "}row <b>{Math.floor(place.row)}</b> column <b>{Math.floor(place.column)}</b>
          </>
        )}
      </span>
      {track < 0 ? at && <Part before={track === -1 ? "in no cluster" : "outside the scan"} /> : (
        <Part
          colour={trackColour(track)}
          value={`Track ${track}`}
          after={probes > 0 ? `${formatCount(probes)} probes` : "not seen"}
        />
      )}
    </output>
  );
}

/** Radius of the brush, in probes. */
function BrushSize() {
  return (
    <label class="brush-size">
      <span>radius</span>
      <input
        type="number"
        class="number"
        min={0.5}
        max={50}
        step={0.5}
        value={brushRadius.value}
        aria-label="Radius of the brush in probes"
        onInput={(event) => {
          const radius = event.currentTarget.valueAsNumber;
          if (radius >= 0.5 && radius <= 50) brushRadius.value = radius;
        }}
      />
    </label>
  );
}

/** What was drawn becomes part of a cluster, or a new one. */
function PaintButtons() {
  const id = paintedCluster(), disabled = !hasDrawn.value;
  return (
    <>
      {id !== null && (
        <button type="button" class="button small" disabled={disabled} onClick={paintInto}>
          Into cluster {id}
        </button>
      )}
      <button type="button" class="button small" disabled={disabled} onClick={paintNew}>
        {id === null ? "New cluster" : "Split off"}
      </button>
    </>
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
  return legend && <div class={`legend ${legend.kind}`}>{contentOf(legend)}</div>;
}

function contentOf(legend: LegendOf) {
  switch (legend.kind) {
    case "categories":
      return legend.categories.map(({ colour, name }, place) => (
        <Swatch key={place} colour={colour} name={name} />
      ));
    case "values":
      return (
        <>
          <ContrastButton {...legend} />
          {legend.none && <Swatch colour={noValue} name={legend.none} />}
          {legend.note && <Note parts={legend.note} whole={legend.none !== undefined} />}
        </>
      );
    case "directions":
      return (
        <>
          <DirectionKeys note={legend.note} />
          <Swatch colour={noValue} name="no orientation" />
          <span>{legend.note}</span>
        </>
      );
  }
}

/** A part at a time gives way where it is narrow, the first one first, unless all of them have lines of their own. */
function Note({ parts, whole }: { readonly parts: readonly string[]; readonly whole: boolean }) {
  return (
    <>
      {parts.map((part, place) => (
        <span key={part} class={place === 0 && !whole ? "wide gives-way" : ""}>{part}</span>
      ))}
    </>
  );
}

function Swatch({ colour, name }: Category) {
  return (
    <span>
      <i class="swatch" style={{ background: colour }} />
      {name}
    </span>
  );
}
