/** Two patterns on equal terms: of a cluster or the whole scan, and at the probe; and the virtual detector on them. */

import { ColourButton } from "../viewer/components/ColourButton.tsx";
import { Icon } from "../viewer/components/Icon.tsx";
import { PatternReadout } from "../viewer/components/PatternReadout.tsx";
import { PatternStage } from "../viewer/components/PatternStage.tsx";
import { PinProbe, PinUpper } from "../viewer/components/PinButtons.tsx";
import { Segments } from "../viewer/components/Segments.tsx";
import { Toggle } from "../viewer/components/Toggle.tsx";
import { averageSpots, drawnSpots, probeSpots, spotsWanted } from "../viewer/page/crystal/cluster_spots.ts";
import { signed } from "../viewer/page/crystal/crystal_reading.ts";
import { repairNote } from "../viewer/page/looking/bad_pixels.ts";
import {
  detectorKind,
  item,
  patternScale,
  probe,
  probePattern,
  readable,
  tool,
  upperPattern,
} from "../viewer/page/state.ts";
import { snaps } from "../viewer/page/looking/snapping.ts";
import { formatCounts } from "../viewer/drawing/format.ts";
import { screen } from "../viewer/page/opening/screen.ts";
import { behind } from "../viewer/page/series/time.ts";
import { patternSources, showAbove, upperSource } from "../viewer/page/sources/pattern_sources.ts";
import { chooseDetector } from "../viewer/page/looking/choose_detector.ts";

export default function ReciprocalSpace() {
  if (screen.value.kind !== "main") return null;
  return (
    <section
      class={tool.value === "ruler" ? "pane reciprocal measuring" : "pane reciprocal"}
      aria-labelledby="reciprocal-heading"
    >
      <header>
        <h2 id="reciprocal-heading">Reciprocal space</h2>
        {item.value?.clustering?.crystals && (
          <Toggle
            name="Spots"
            label="Peaks and spots"
            title="Measured peaks and spots of the crystal on the average  K"
            checked={spotsWanted.value}
            change={(on) => spotsWanted.value = on}
          />
        )}
        {tool.value === "ruler" && (
          <Toggle
            name="At peaks"
            label="Measure at peaks"
            title="What is clicked goes to the middle of the peak there; with Alt it does not"
            checked={snaps.value}
            change={(on) => snaps.value = on}
          />
        )}
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
            <span>{upperSource.value.note()}</span>
            <PinUpper />
          </figcaption>
          <PatternStage
            id="upper-pattern"
            label={upperLabel()}
            pattern={upperPattern}
            marks={drawnSpots}
            crystal={averageSpots}
            empty={upperSource.value.missing()}
          />
        </figure>
        <figure>
          <figcaption>
            <ProbeCaption />
            <PinProbe />
          </figcaption>
          <PatternStage
            id="probe-pattern"
            label="Pattern at the probe"
            pattern={probePattern}
            crystal={probeSpots}
            empty={emptyProbe()}
          />
        </figure>
      </div>
      <footer>
        <PatternReadout />
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

/** The upper pattern with its marks for those who do not see them. */
function upperLabel(): string {
  const marks = drawnSpots.value;
  if (!marks) return "Upper pattern";
  const { measured, spots, crystal } = marks;
  const found = crystal
    ? `${spots.length} spots of ${crystal.name}, zone axis ${signed(crystal.zoneAxis)}`
    : "no orientation";
  return `Upper pattern, ${measured.length} measured peaks, ${found}`;
}

function UpperSelector() {
  const colour = upperSource.value.colour?.();
  return (
    <label class="selector">
      {colour && <i class="chip" style={{ background: colour }} />}
      <select
        aria-label="What the upper picture shows"
        value={upperSource.value.name}
        onChange={(event) => {
          const { value } = event.currentTarget;
          showAbove(patternSources.find(({ name }) => name === value)!);
        }}
      >
        {patternSources.filter(({ there }) => there?.() ?? true).map(({ name, label }) => (
          <option key={name} value={name}>{label()}</option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}

/** Of which probe the pattern is that is shown; another that is pointed at follows. */
function ProbeCaption() {
  const shown = probePattern.value, wanted = probe.value, { row, column } = shown?.probe ?? wanted;
  const current = row === wanted.row && column === wanted.column;
  return (
    <>
      <span class="selector">Probe ({row}, {column})</span>
      <span>
        {!shown
          ? readable.value && "reading…"
          : current
          ? `${formatCounts(shown.sum)} counts${repairNote.value && ", as recorded"}`
          : `(${wanted.row}, ${wanted.column}) follows…`}
      </span>
    </>
  );
}

function emptyProbe(): string {
  const scan = item.value!.scan;
  if (behind.value) return "The pattern comes once the time rests.";
  return scan.readable ? "" : `Patterns cannot be shown: ${scan.why}`;
}
