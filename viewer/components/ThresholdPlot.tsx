/** Number of clusters and share of the mask over the threshold, with the threshold to drag. */

import type { ThresholdCurves } from "../labels/threshold_curves.ts";
import {
  formatThreshold,
  moveThreshold,
  placeOf,
  stepThreshold,
  thresholdAt,
} from "../page/looking/thresholds.ts";
import { PlotFrame, type PlotSize, SliderHandle } from "./PlotFrame.tsx";

const left = 34, right = 46, top = 18, bottom = 22;
/** Thresholds that get a tick where there is room, in this order. */
const candidates = [0.9, 0.8, 0.95, 0.99, 0.98, 0.995, 0.85, 0.97, 0.75, 0.999, 0.5, 0.6, 0.7, 0];
const roomForTick = 38;

export function ThresholdPlot({ curves, stable, threshold, clusters, provisional }: {
  readonly curves: ThresholdCurves;
  /** The range that is offered. */
  readonly stable: ThresholdCurves["stable"];
  /** `null` where clusters were found without one. */
  readonly threshold: number | null;
  readonly clusters: number;
  /** While a run goes on. */
  readonly provisional: boolean;
}) {
  const { thresholds, clusters: counts, covered: coverage } = curves;
  const range = [thresholds[0], thresholds[thresholds.length - 1]] as const;
  const most = niceMaximum(Math.max(2, ...counts));
  return (
    <PlotFrame
      label="Clusters and coverage over the threshold"
      drag={(x, { width }) => moveThreshold(thresholdAt(clamp((x - left) / (width - left - right)), range))}
    >
      {({ width, height }: PlotSize) => {
        const x = (value: number) => left + clamp(placeOf(value, range)) * (width - left - right);
        const base = height - bottom;
        const y = (count: number) => base - count / most * (base - top);
        const share = (part: number) => base - part * (base - top);
        let steps = "", covered = "";
        thresholds.forEach((value, place) => {
          const at = x(value).toFixed(1);
          steps += place === 0
            ? `M${at} ${y(counts[place]).toFixed(1)}`
            : `H${at}V${y(counts[place]).toFixed(1)}`;
          covered += `${place === 0 ? "M" : "L"}${at} ${share(coverage[place]).toFixed(1)}`;
        });
        return (
          <>
            {stable && (
              <>
                <rect
                  class="band"
                  x={x(stable.low)}
                  y={top}
                  width={Math.max(1, x(stable.high) - x(stable.low))}
                  height={base - top}
                />
                <text
                  class="label"
                  x={(x(stable.low) + x(stable.high)) / 2}
                  y={base - 8}
                  text-anchor="middle"
                >
                  stable
                </text>
              </>
            )}
            <line class="axis" x1={left} x2={width - right} y1={base} y2={base} />
            {ticks(range, x).map((value) => (
              <g key={value}>
                <line class="axis" x1={x(value)} x2={x(value)} y1={base} y2={base + 4} />
                <text x={x(value)} y={height - 5} text-anchor="middle">{value}</text>
              </g>
            ))}
            {[0, most / 2, most].map((count) => (
              <text key={count} x={left - 6} y={y(count) + 4} text-anchor="end">{count}</text>
            ))}
            {[0, 0.5, 1].map((part) => (
              <text key={part} x={width - right + 6} y={share(part) + 4}>
                {100 * part}
                {part === 1 && " %"}
              </text>
            ))}
            <path class="dashed" d={covered} />
            <path class={provisional ? "solid provisional" : "solid"} d={steps} />
            <line class="solid" x1={left} x2={left + 18} y1={6} y2={6} />
            <text class="label" x={left + 24} y={10}>clusters</text>
            <line class="dashed" x1={width - right - 148} x2={width - right - 130} y1={6} y2={6} />
            <text class="label" x={width - right} y={10} text-anchor="end">share of mask covered</text>
            {threshold !== null && (
              <SliderHandle
                label="Similarity threshold"
                x={x(threshold)}
                height={height}
                top={top}
                base={base}
                dot={y(Math.min(most, clusters))}
                minimum={range[0]}
                maximum={range[1]}
                now={threshold}
                text={`${formatThreshold(threshold)}, ${clusters} clusters`}
                step={stepThreshold}
              />
            )}
          </>
        );
      }}
    </PlotFrame>
  );
}

/** Ticks that keep their distance, at most a dozen. */
function ticks([low, high]: readonly [number, number], x: (value: number) => number): number[] {
  const shown: number[] = [];
  for (const value of candidates) {
    if (value < low || value > high) continue;
    if (shown.every((other) => Math.abs(x(other) - x(value)) >= roomForTick)) shown.push(value);
  }
  return shown;
}

/** The next even number of two or fewer digits that matter. */
function niceMaximum(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1) * 2;
  return Math.ceil(value / step) * step;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
