/** Two patterns on equal terms: of a cluster or the whole scan, and at the probe; and the virtual detector on them. */

import { ColourButton } from "../viewer/components/ColourButton.tsx";
import { Icon } from "../viewer/components/Icon.tsx";
import { PatternStage } from "../viewer/components/PatternStage.tsx";
import { Segments } from "../viewer/components/Segments.tsx";
import { directBeam } from "../viewer/page/looking/direct_beam.ts";
import { pointedPixel } from "../viewer/page/looking/pointed_pixel.ts";
import { chooseDetector } from "../viewer/page/looking/detecting.ts";
import { clusterColour } from "../viewer/page/pictures/colours.ts";
import {
  detectorKind,
  item,
  labelled,
  patternScale,
  type PatternSource,
  probe,
  probePattern,
  readable,
  upperPattern,
  upperSource,
} from "../viewer/page/state.ts";
import { formatCount, formatCounts, readScattering } from "../viewer/drawing/format.ts";
import { screen } from "../viewer/page/opening/screen.ts";
import { selectedIds } from "../viewer/page/looking/selection.ts";

export default function ReciprocalSpace() {
  if (screen.value.kind !== "main") return null;
  return (
    <section class="pane reciprocal" aria-labelledby="reciprocal-heading">
      <header>
        <h2 id="reciprocal-heading">Reciprocal space</h2>
        <Segments
          label="Virtual detector"
          segments={[
            { value: "none", name: "No detector: read values", icon: "select" },
            {
              value: "disk",
              name: "Virtual detector: disk",
              key: "D",
              icon: "disk",
              disabled: !readable.value,
            },
            {
              value: "annulus",
              name: "Virtual detector: annulus",
              key: "A",
              icon: "annulus",
              disabled: !readable.value,
            },
          ]}
          value={detectorKind.value}
          choose={chooseDetector}
        />
      </header>
      <div class="pair">
        <figure>
          <figcaption>
            <UpperSelector />
            <UpperNote />
          </figcaption>
          <PatternStage
            id="upper-pattern"
            label="Upper pattern"
            pattern={upperPattern}
            empty={emptyUpper()}
          />
        </figure>
        <figure>
          <figcaption>
            <span class="selector">Probe ({probe.value.row}, {probe.value.column})</span>
            <span>{probePattern.value && `${formatCount(probePattern.value.sum)} counts`}</span>
          </figcaption>
          <PatternStage
            id="probe-pattern"
            label="Pattern at the probe"
            pattern={probePattern}
            empty={emptyProbe()}
          />
        </figure>
      </div>
      <footer>
        <Readout />
        <div class="legend">
          <label class="selector">
            <select
              aria-label="Intensity scale"
              title="Intensity scale  L"
              value={patternScale.value}
              onChange={(event) =>
                patternScale.value = event.currentTarget.value as typeof patternScale.value}
            >
              <option value="log">log</option>
              <option value="sqrt">√</option>
              <option value="linear">linear</option>
            </select>
            <Icon name="down" />
          </label>
          <ColourButton />
        </div>
      </footer>
    </section>
  );
}

function UpperSelector() {
  const shown = labelled.value, id = selectedIds.value.at(-1);
  const cluster = shown && id !== undefined ? `Cluster ${shown.numbers[id]} average` : "Cluster average";
  return (
    <label class="selector">
      {shown && id !== undefined && upperSource.value === "cluster" && (
        <i class="chip" style={{ background: clusterColour(shown, id) }} />
      )}
      <select
        aria-label="What the upper picture shows"
        value={upperSource.value}
        onChange={(event) => upperSource.value = event.currentTarget.value as PatternSource}
      >
        <option value="cluster">{cluster}</option>
        <option value="mean">Mean of the scan</option>
        <option value="maximum">Maximum of the scan</option>
      </select>
      <Icon name="down" />
    </label>
  );
}

function UpperNote() {
  const shown = labelled.value, id = selectedIds.value.at(-1);
  if (upperSource.value === "cluster") {
    if (!shown || id === undefined) return <span />;
    const note = upperPattern.value?.note === "filtered" ? ", filtered" : "";
    return <span>of {formatCount(shown.clusters[id].size)} patterns{note}</span>;
  }
  const shape = item.value!.shape;
  return <span>of {formatCount(shape.rows * shape.columns)} patterns</span>;
}

function emptyUpper(): string {
  if (!readable.value && upperSource.value !== "cluster") return "The scan of this result is not there.";
  if (upperSource.value !== "cluster") return "Reading the whole scan…";
  if (!item.value?.clustering) return "After a run, click a cluster to see its average.";
  if (selectedIds.value.length === 0) return "Click a cluster to see its average.";
  const { scan } = item.value;
  return scan.readable ? "Averaging…" : `The average of this cluster needs the scan: ${scan.why}.`;
}

function emptyProbe(): string {
  const scan = item.value!.scan;
  return scan.readable ? "" : `Patterns cannot be shown: ${scan.why}`;
}

/** Distance from the direct beam, its lattice spacing, and the counts under the pointer. */
function Readout() {
  const at = pointedPixel.value, opened = item.value!;
  if (!at) return <output class="readout" />;
  const { q, d } = readScattering(at, directBeam(opened), opened.calibration.qPixelSize);
  return (
    <output class="readout" aria-live="off">
      <span>{q}</span>
      {d && <span>{d}</span>}
      <span class="wide">
        <b>{formatCounts(at.value)}</b> <small>counts</small>
      </span>
    </output>
  );
}
