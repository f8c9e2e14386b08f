/** Number of clusters and share of the mask over the threshold, with the threshold to drag. */

import type { ThresholdCurves } from "../labels/threshold_curves.ts";
import {
  formatThreshold,
  moveThreshold,
  placeOf,
  stepThreshold,
  thresholdAt,
} from "../page/looking/thresholds.ts";
import { thresholdTicks } from "../page/looking/threshold_ticks.ts";
import { useState } from "preact/hooks";
import { PlotFrame, type PlotSize, SliderHandle } from "./PlotFrame.tsx";
import { ThresholdPreview } from "./ThresholdPreview.tsx";

const left = 34, right = 46, top = 18, bottom = 22;

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
  const [hovered, setHovered] = useState<number | null>(null);
  const most = niceMaximum(Math.max(2, ...counts));
  return (
    <PlotFrame
      label="Clusters and coverage over the threshold"
      drag={(x, { width }) => moveThreshold(thresholdAt((x - left) / (width - left - right), thresholds))}
      hover={provisional ? undefined : setHovered}
      over={(size) =>
        hovered !== null && (
          <ThresholdPreview
            threshold={thresholdAt((hovered - left) / (size.width - left - right), thresholds)}
            x={hovered}
            width={size.width}
          />
        )}
    >
      {({ width, height }: PlotSize) => {
        const x = (value: number) => left + clamp(placeOf(value, thresholds)) * (width - left - right);
        const base = height - bottom;
        const y = (count: number) => base - count / most * (base - top);
        const share = (part: number) => base - part * (base - top);
        let steps = "", covered = `M${left} ${base}`;
        thresholds.forEach((value, place) => {
          const at = x(value).toFixed(1);
          steps += place === 0
            ? `M${at} ${y(counts[place]).toFixed(1)}`
            : `H${at}V${y(counts[place]).toFixed(1)}`;
          covered += `L${at} ${share(coverage[place]).toFixed(1)}`;
        });
        covered += `V${base}Z`;
        return (
          <>
            <path class="area" d={covered} />
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
                  x={Math.min(
                    width - right - stableReach,
                    Math.max(left + stableReach, (x(stable.low) + x(stable.high)) / 2),
                  )}
                  y={base - 8}
                  text-anchor="middle"
                >
                  stable
                </text>
              </>
            )}
            <line class="axis" x1={left} x2={width - right} y1={base} y2={base} />
            {thresholdTicks(width - left - right, thresholds).map((value) => (
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
            <path class={provisional ? "solid provisional" : "solid"} d={steps} />
            <line class="solid" x1={left} x2={left + 18} y1={6} y2={6} />
            <text class="label" x={left + 24} y={10}>clusters</text>
            <rect class="area" x={width - right - wordsOf(width).room} width={18} y={1} height={10} />
            <text class="label" x={width - right} y={10} text-anchor="end">{wordsOf(width).coverage}</text>
            {threshold !== null && (
              <SliderHandle
                label="Similarity threshold"
                x={x(threshold)}
                height={height}
                top={top}
                base={base}
                dot={y(Math.min(most, clusters))}
                minimum={thresholds[0]}
                maximum={thresholds[thresholds.length - 1]}
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

/** Half the width of the word at the stable range, in CSS pixels: it stays within the plot. */
const stableReach = 18;

/** What the area is called where there is room for it, and how much that takes with the piece of area before. */
function wordsOf(width: number): { readonly coverage: string; readonly room: number } {
  return width > 320 ? { coverage: "share of mask covered", room: 148 } : { coverage: "covered", room: 70 };
}

/** The next even number of two or fewer digits that matter. */
function niceMaximum(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1) * 2;
  return Math.ceil(value / step) * step;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
