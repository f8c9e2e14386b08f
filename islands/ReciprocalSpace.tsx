/** Two patterns on equal terms: of a cluster or the whole scan, and at the probe; and the virtual detector on them. */

import { ColourButton } from "../viewer/components/ColourButton.tsx";
import { Icon } from "../viewer/components/Icon.tsx";
import { PatternStage } from "../viewer/components/PatternStage.tsx";
import { Segments } from "../viewer/components/Segments.tsx";
import { averageSpots, drawnSpots, spotsWanted } from "../viewer/page/crystal/cluster_spots.ts";
import { signed } from "../viewer/page/crystal/crystal_reading.ts";
import { aboutPixel, repairNote } from "../viewer/page/looking/bad_pixels.ts";
import { directBeam } from "../viewer/page/looking/direct_beam.ts";
import { pointedPixel } from "../viewer/page/looking/pointed_pixel.ts";
import {
  detectorKind,
  item,
  patternScale,
  probe,
  probePattern,
  readable,
  upperPattern,
} from "../viewer/page/state.ts";
import { formatCounts, formatPercent, readScattering } from "../viewer/drawing/format.ts";
import { screen } from "../viewer/page/opening/screen.ts";
import { behind } from "../viewer/page/series/time.ts";
import { patternSources, showAbove, upperSource } from "../viewer/page/sources/pattern_sources.ts";
import { announce } from "../viewer/page/announce.ts";
import { say } from "../viewer/page/editing/history.ts";
import { pin, pinSources, unpin } from "../viewer/page/sources/pins.ts";
import { Measures } from "../viewer/components/Measures.tsx";
import { patternMeasures, patternRuler } from "../viewer/page/looking/ruler.ts";
import { chooseDetector } from "../viewer/page/looking/choose_detector.ts";

export default function ReciprocalSpace() {
  if (screen.value.kind !== "main") return null;
  return (
    <section class="pane reciprocal" aria-labelledby="reciprocal-heading">
      <header>
        <h2 id="reciprocal-heading">Reciprocal space</h2>
        {item.value?.clustering?.crystals && (
          <label class="toggle" title="Measured peaks and spots of the crystal on the average  K">
            <input
              type="checkbox"
              aria-label="Peaks and spots"
              checked={spotsWanted.value}
              onChange={() =>
                spotsWanted.value = !spotsWanted.value}
            />
            <span>Spots</span>
          </label>
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

/** Keeps the upper pattern; while a kept one is shown, forgets all. */
function PinUpper() {
  const source = upperSource.value, pattern = upperPattern.value;
  if (pinSources.includes(source)) {
    const forget = () => {
      unpin();
      showAbove(patternSources[0]);
    };
    return <button type="button" class="link" title="Forgets A and B" onClick={forget}>Unpin</button>;
  }
  return (
    <PinButton
      disabled={pattern === null}
      keep={() => pin(pattern!, source.label(), source.note())}
      what="upper pattern"
    />
  );
}

/** Keeps the pattern at the probe. */
function PinProbe() {
  const pattern = probePattern.value;
  if (!pattern) return null;
  const { row, column } = pattern.probe;
  return (
    <PinButton
      disabled={false}
      keep={() => pin(pattern, `probe (${row}, ${column})`, `${formatCounts(pattern.sum)} counts`)}
      what="pattern at the probe"
    />
  );
}

function PinButton({ disabled, keep, what }: {
  readonly disabled: boolean;
  /** Keeps it and says as what. */
  readonly keep: () => string;
  readonly what: string;
}) {
  return (
    <button
      type="button"
      class="link pin"
      aria-label={`Pin the ${what}`}
      title="Keeps this pattern as A or B, to be compared with others above"
      disabled={disabled}
      onClick={() => {
        const text = `Kept as ${keep()}: choose it above`;
        say(text);
        announce(text);
      }}
    >
      Pin
    </button>
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

/** Distance from the direct beam, its lattice spacing, and the counts under the pointer. */
function Readout() {
  const measured = patternRuler.ruled.value;
  if (measured) return <Measures of={patternMeasures(measured)} />;
  const at = pointedPixel.value, opened = item.value!;
  if (!at) return <Match />;
  const { qPixelSize, beamEnergy } = opened.calibration;
  const { q, d } = readScattering(at, directBeam(opened), qPixelSize, beamEnergy);
  const value = at.pattern.value?.values[at.pixel], about = aboutPixel(at.pixel);
  return (
    <output class="readout" aria-live="off">
      <span>{q}</span>
      {d && <span>{d}</span>}
      {value !== undefined && (
        <span>
          <b>{formatCounts(value)}</b> <small>counts</small>
        </span>
      )}
      {about && <span>{about}</span>}
    </output>
  );
}

/** While nothing is pointed at: the crystal that was matched to the average above. */
function Match() {
  const found = averageSpots.value;
  if (!found) return <output class="readout" />;
  const { crystal, measured } = found;
  return (
    <output
      class="readout"
      aria-live="off"
      title={crystal ? `Agreement ${formatPercent(crystal.score)}` : undefined}
    >
      {crystal
        ? (
          <span>
            <b>{crystal.name}</b> {signed(crystal.zoneAxis)}
          </span>
        )
        : <span>no orientation from {measured.length} peaks</span>}
    </output>
  );
}
