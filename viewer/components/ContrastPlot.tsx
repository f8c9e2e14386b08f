/** How often values occur, with the ends of the colours to be dragged, or moved by keys. */

import { brightness, type IntensityScale } from "../../library/report/pattern_image.ts";
import type { ValueRange } from "../drawing/pattern_scale.ts";
import type { ContrastOf } from "../page/views/view.ts";
import { formatNumber } from "../../library/report/number_format.ts";
import { PlotFrame, type PlotSize, SliderHandle } from "./PlotFrame.tsx";
import { readNumber, TextEntry } from "./TextEntry.tsx";
import { Toggle } from "./Toggle.tsx";

const left = 13, right = 13, top = 4, bottom = 10;
/** Bars of the histogram, which are also the steps of the keys. */
const bars = 64;

export function ContrastPlot(
  { values, range, scale, format, factor = 1, byHand, choose, span, symmetric, subject = "" }: ContrastOf & {
    /** Behind the names of the handles, where there is more than one such plot. */
    readonly subject?: string;
  },
) {
  const most = span ?? extremes(values);
  const low = Math.min(most.low, range.low), high = Math.max(most.high, range.high);
  const share = (value: number) =>
    high > low ? brightness(Math.max(0, (value - low) / (high - low)), scale) : 0;
  const at = (wanted: number) => low + (high - low) * inverse(Math.min(1, Math.max(0, wanted)), scale);
  const counts = histogram(values, share), tallest = Math.log1p(Math.max(1, ...counts));
  const ends = { low: share(range.low), high: share(range.high) };
  const put = (end: "low" | "high", value: number) => choose(rangeWith(range, end, value, symmetric?.locked));
  const move = (end: "low" | "high", wanted: number) => {
    // The ends keep apart by a bar.
    if (symmetric?.locked) {
      const bar = (high - low) / bars, value = at(wanted);
      put(end, end === "low" ? Math.min(value, -bar) : Math.max(value, bar));
    } else {
      put(
        end,
        at(end === "low" ? Math.min(wanted, ends.high - 1 / bars) : Math.max(wanted, ends.low + 1 / bars)),
      );
    }
  };
  return (
    <div class="contrast">
      <PlotFrame
        label="How often values occur"
        drag={(x, { width }) => {
          const wanted = (x - left) / (width - left - right);
          move(Math.abs(wanted - ends.low) < Math.abs(wanted - ends.high) ? "low" : "high", wanted);
        }}
      >
        {({ width, height }: PlotSize) => {
          const base = height - bottom, x = (place: number) => left + place * (width - left - right);
          return (
            <>
              {Array.from(counts, (count, bar) => {
                const tall = Math.log1p(count) / tallest * (base - top);
                return count > 0 && (
                  <rect
                    key={bar}
                    class={(bar + 1) / bars <= ends.low || bar / bars >= ends.high
                      ? "histogram below"
                      : "histogram"}
                    x={x(bar / bars)}
                    width={(width - left - right) / bars}
                    y={base - tall}
                    height={tall}
                  />
                );
              })}
              <line class="axis" x1={left} x2={width - right} y1={base} y2={base} />
              {(["low", "high"] as const).map((end) => (
                <SliderHandle
                  key={end}
                  label={nameOf(end, subject)}
                  x={x(ends[end])}
                  height={height}
                  top={top}
                  base={base}
                  minimum={low}
                  maximum={high}
                  now={range[end]}
                  text={format(range[end])}
                  step={(steps) => move(end, ends[end] + steps / bars)}
                />
              ))}
            </>
          );
        }}
      </PlotFrame>
      <p>
        <output>{format(range.low)} to {format(range.high)}</output>
        <button type="button" class="link" disabled={!byHand} onClick={() => choose(null)}>Automatic</button>
      </p>
      <div class="contrast-ends">
        {(["low", "high"] as const).map((end) => (
          <TextEntry
            key={end}
            class="number"
            inputMode="decimal"
            autocomplete="off"
            aria-label={`Value of the ${nameOf(end, subject).toLowerCase()}`}
            value={formatNumber(factor * range[end], 4)}
            done={(text) => {
              const written = readNumber(text), value = (written ?? NaN) / factor;
              const wanted = rangeWith(range, end, value, symmetric?.locked);
              if (written === null || !(wanted.low < wanted.high)) {
                return `“${text.trim()}” is no ${end === "low" ? "lowest" : "highest"} value`;
              }
              choose(wanted);
            }}
          />
        ))}
        {symmetric && (
          <Toggle name="Symmetric about zero" checked={symmetric.locked} change={symmetric.lock} />
        )}
      </div>
    </div>
  );
}

function nameOf(end: "low" | "high", subject: string): string {
  return `${end === "low" ? "Lowest" : "Highest"} colour${subject && ` of the ${subject}`}`;
}

/** A range with another end; where both are as far from zero, with both others. */
function rangeWith(range: ValueRange, end: "low" | "high", value: number, locked = false): ValueRange {
  if (!locked) return { ...range, [end]: value };
  const far = end === "low" ? -value : value;
  return { low: -far, high: far };
}

function extremes(arrays: readonly ArrayLike<number>[]): ValueRange {
  let low = Infinity, high = -Infinity;
  for (const values of arrays) {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

function histogram(arrays: readonly ArrayLike<number>[], share: (value: number) => number): Uint32Array {
  const counts = new Uint32Array(bars);
  for (const values of arrays) {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (Number.isFinite(value)) counts[Math.min(bars - 1, Math.floor(share(value) * bars))]++;
    }
  }
  return counts;
}

/** The share that has a brightness. */
function inverse(bright: number, scale: IntensityScale): number {
  let low = 0, high = 1;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (brightness(middle, scale) < bright) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
