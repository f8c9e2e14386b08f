/** How many clusters have which size, with the minimum size to drag. */

import { mostMinimum, moveMinimumSize } from "../page/looking/thresholds.ts";
import { PlotFrame, type PlotSize, SliderHandle } from "./PlotFrame.tsx";

const left = 30, right = 10, top = 18, bottom = 22;
const octaves = Math.log2(mostMinimum);

export function SizePlot({ sizes, minimum }: {
  /** Clusters by size in half-octaves: place k counts sizes from 2^(k/2) to below 2^((k+1)/2). */
  readonly sizes: Uint32Array;
  readonly minimum: number;
}) {
  const bars = shownBars(sizes);
  const most = Math.max(1, ...bars);
  return (
    <PlotFrame
      label="How many clusters have which size"
      drag={(x, { width }) => {
        const share = Math.min(1, Math.max(0, (x - left) / (width - left - right)));
        moveMinimumSize(2 ** (share * octaves));
      }}
    >
      {({ width, height }: PlotSize) => {
        const base = height - bottom;
        const x = (size: number) => left + Math.min(1, Math.log2(size) / octaves) * (width - left - right);
        const y = (count: number) => base - Math.log1p(count) / Math.log1p(most) * (base - top);
        return (
          <>
            {lines(most, y).map((count) => (
              <g key={count}>
                <line class="grid" x1={left} x2={width - right} y1={y(count)} y2={y(count)} />
                <text x={left - 6} y={y(count) + 4} text-anchor="end">{count}</text>
              </g>
            ))}
            {bars.map((count, place) => {
              const from = x(2 ** (place / 2)), to = x(2 ** ((place + 1) / 2));
              const below = 2 ** ((place + 1) / 2) <= minimum;
              return count > 0 && (
                <rect
                  key={place}
                  class={below ? "histogram below" : "histogram"}
                  x={from + 0.75}
                  width={Math.max(1, to - from - 1.5)}
                  y={y(count)}
                  height={base - y(count)}
                  rx={1}
                />
              );
            })}
            <line class="axis" x1={left} x2={width - right} y1={base} y2={base} />
            {[1, 4, 16, 64, 256].map((size) => (
              <text key={size} x={x(size)} y={height - 5} text-anchor="middle">{size}</text>
            ))}
            <text class="label" x={left} y={10}>clusters</text>
            <text class="label" x={width - right} y={10} text-anchor="end">by size in probes</text>
            <SliderHandle
              label="Minimum cluster size"
              x={x(Math.max(1, minimum))}
              height={height}
              top={top}
              base={base}
              minimum={1}
              maximum={mostMinimum}
              now={minimum}
              text={`${minimum} probes`}
              step={(steps) => moveMinimumSize(minimum + steps)}
            />
          </>
        );
      }}
    </PlotFrame>
  );
}

/** The last bar holds everything that is larger. */
function shownBars(sizes: Uint32Array): number[] {
  const last = 2 * octaves - 1;
  const bars = new Array<number>(last + 1).fill(0);
  sizes.forEach((count, place) => bars[Math.min(place, last)] += count);
  return bars;
}

function lines(most: number, y: (count: number) => number): number[] {
  const shown: number[] = [];
  for (const count of [1, 10, 100, 1000, 10_000, 3, 30, 300, 3000]) {
    if (count <= most && shown.every((other) => Math.abs(y(other) - y(count)) >= 20)) shown.push(count);
  }
  return shown;
}
