/** What speaks for a threshold and a minimum size, with both to be dragged on their plots. */

import { MeasuringEvidence } from "../viewer/components/MeasuringEvidence.tsx";
import { SeriesEvidence } from "../viewer/components/SeriesEvidence.tsx";
import { SizePlot } from "../viewer/components/SizePlot.tsx";
import { readNumber, TextEntry } from "../viewer/components/TextEntry.tsx";
import { ThresholdPlot } from "../viewer/components/ThresholdPlot.tsx";
import {
  curves,
  drawnMap,
  item,
  map,
  minimumSize,
  run,
  sizes,
  source,
  threshold,
  tool,
} from "../viewer/page/state.ts";
import {
  formatThreshold,
  moveMinimumSize,
  moveThreshold,
  moveToStable,
  showMethod,
  stableRange,
} from "../viewer/page/looking/thresholds.ts";
import { formatCount } from "../library/report/number_format.ts";
import { realView } from "../viewer/page/views/real_views.ts";
import { screen } from "../viewer/page/opening/screen.ts";

export default function Evidence() {
  if (screen.value.kind !== "main") return null;
  if (tool.value === "ruler") return <MeasuringEvidence />;
  if (realView.value.group === "tracks") return <SeriesEvidence />;
  const regions = source.value === "method" && item.value?.clustering?.method === "regions" && !run.value;
  const told = curves.value ? "" : noCurves();
  return (
    <section class={told ? "evidence unplotted" : "evidence"} aria-label="Threshold and minimum size">
      <section aria-labelledby="threshold-heading">
        <div class="evidence-header">
          <h2 id="threshold-heading">Similarity threshold</h2>
          <NumberField
            label="Similarity threshold"
            text={regions ? "—" : formatThreshold(threshold.value)}
            change={moveThreshold}
          />
          <Offer regions={regions} />
          <Summary />
        </div>
        {curves.value
          ? (
            <ThresholdPlot
              curves={curves.value}
              threshold={regions ? null : threshold.value}
              clusters={drawnMap.value?.sizes.length ?? 0}
              stable={stableRange.value}
              provisional={run.value !== null}
            />
          )
          : <p class="note">{told}</p>}
      </section>
      <section aria-labelledby="size-heading">
        <div class="evidence-header">
          <h2 id="size-heading">Minimum size</h2>
          <NumberField
            label="Minimum cluster size in probes"
            text={String(minimumSize.value)}
            change={moveMinimumSize}
          />
          <LeftOut />
        </div>
        {sizes.value && <SizePlot sizes={sizes.value} minimum={minimumSize.value} />}
      </section>
    </section>
  );
}

function noCurves(): string {
  // Those of a result are on their way.
  if (!map.value && item.value?.clustering) return "";
  if (!map.value) return "After a run, every threshold can be tried here at once.";
  return map.value.hasForest
    ? ""
    : "With the border rule of py4DSTEM there is one threshold only, that of the run.";
}

function NumberField({ label, text, change }: {
  readonly label: string;
  readonly text: string;
  readonly change: (value: number) => void;
}) {
  return (
    <TextEntry
      class="number"
      inputMode="decimal"
      autocomplete="off"
      aria-label={label}
      // Close to 1 thresholds have more digits: none is ever cut.
      style={{ minWidth: `${text.length + 2}ch` }}
      value={text}
      done={(written) => {
        const value = readNumber(written);
        if (value === null) return `“${written.trim()}” is not a number`;
        change(value);
      }}
    />
  );
}

/** What else could be looked at: the stable range, or the regions that were found without a threshold. */
function Offer({ regions }: { readonly regions: boolean }) {
  if (run.value) return null;
  if (regions) {
    return (
      <span class="regions">
        <span>by mean patterns</span>{" "}
        <button
          type="button"
          class="link"
          title="Compare with clusters by a threshold"
          onClick={() => moveThreshold(stableRange.value?.threshold ?? threshold.value)}
        >
          By threshold…
        </button>
      </span>
    );
  }
  if (source.value === "threshold" && item.value?.clustering?.method === "regions") {
    return <button type="button" class="link" onClick={showMethod}>Back to regions</button>;
  }
  const stable = stableRange.value;
  if (!stable || source.value === "threshold" && stable.threshold === threshold.value) return null;
  return (
    <button
      type="button"
      class="link"
      title="Middle of the longest range in which the number of clusters stays the same and most of the mask is covered  T"
      onClick={moveToStable}
    >
      Stable near {formatThreshold(stable.threshold)}
    </button>
  );
}

function Summary() {
  const shown = drawnMap.value;
  if (!shown) return null;
  const { inMask, leftOut, largest } = shown;
  const count = shown.sizes.length;
  return (
    <p class="evidence-summary">
      <span>
        <b>{formatCount(count)}</b> {count === 1 ? "cluster" : "clusters"}
        {run.value && " so far"}
      </span>
      <span class="covered">
        · <b>{inMask > 0 ? Math.round(100 * (1 - leftOut / inMask)) : 0} %</b> covered
      </span>
      <span class="largest">
        · largest <b>{formatCount(largest)}</b>
      </span>
    </p>
  );
}

function LeftOut() {
  const shown = drawnMap.value;
  if (!shown) return null;
  return (
    <p class="evidence-summary left-out">
      <span>
        {shown.leftOut > 0
          ? (
            <>
              <b>{formatCount(shown.leftOut)}</b> left out
            </>
          )
          : "none left out"}
      </span>
    </p>
  );
}
