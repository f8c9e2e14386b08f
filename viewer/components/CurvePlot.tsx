/** Curves over one axis, and a handle that reads them. */

import { brightness, type IntensityScale } from "../../library/report/pattern_image.ts";
import type { Profile } from "../page/looking/profiles.ts";
import { PlotFrame, type PlotSize, SliderHandle } from "./PlotFrame.tsx";

const left = 52, right = 14, top = 18, bottom = 20;
/** Where the plot is less wide, only the end of the axis has its unit. */
const bothUnits = 220;

export function CurvePlot({ label, handle, profile, scale, at, move }: {
  readonly label: string;
  /** What the handle is called. */
  readonly handle: string;
  readonly profile: Profile;
  /** How counts rise; everything else is linear. */
  readonly scale: IntensityScale;
  /** Where the handle stands, in steps; anything else counts as the start. */
  readonly at: number;
  readonly move: (at: number) => void;
}) {
  const { curves, place, value, counts } = profile, last = curves[0].values.length - 1;
  const numbers = curves.flatMap(({ values }) => Array.from(values).filter(Number.isFinite));
  const high = Math.max(...numbers), low = counts ? Math.min(0, ...numbers) : Math.min(...numbers);
  const now = Math.min(last, Math.max(0, Math.round(at)));
  const numbersAt = profile.read(curves.map(({ values }) => value(values[now])).join(" and "));
  const read = `${place(now)}: ${numbersAt}`;
  const moveTo = (wanted: number) => move(Math.min(last, Math.max(0, Math.round(wanted))));
  return (
    <PlotFrame
      label={label}
      drag={(x, { width }) => moveTo((x - left) / (width - left - right) * last)}
    >
      {({ width, height }: PlotSize) => {
        const narrow = width < bothUnits,
          briefly = (at: number) => narrow ? place(at).split(" ")[0] : place(at);
        const base = height - bottom, x = (index: number) => left + index / last * (width - left - right);
        const y = (number: number) => {
          const share = high > low ? (number - low) / (high - low) : 0;
          return base - (counts ? brightness(share, scale) : share) * (base - top);
        };
        return (
          <>
            <line class="axis" x1={left} x2={width - right} y1={base} y2={base} />
            {numbers.length > 0 &&
              [low, high].map((number, end) => (
                <text key={end} x={left - 6} y={y(number) + 4} text-anchor="end">{value(number)}</text>
              ))}
            {curves.map(({ name, values }, place) => (
              <path key={place} class={place === 0 ? "solid" : "solid second"} d={pathOf(values, x, y)}>
                <title>{name}</title>
              </path>
            ))}
            <text x={left} y={height - 4}>{briefly(0)}</text>
            <text x={width - right} y={height - 4} text-anchor="end">{place(last)}</text>
            <text class="label" x={width - right} y={10} text-anchor="end">
              {narrow ? `${briefly(now)}: ${numbersAt}` : read}
            </text>
            <SliderHandle
              label={handle}
              x={x(now)}
              height={height}
              top={top}
              base={base}
              minimum={0}
              maximum={last}
              now={now}
              text={read}
              step={(steps) => moveTo(now + steps)}
            />
          </>
        );
      }}
    </PlotFrame>
  );
}

/** The curve, with gaps where there is no number. */
function pathOf(values: Float64Array, x: (at: number) => number, y: (value: number) => number): string {
  let path = "", open = false;
  values.forEach((value, at) => {
    if (Number.isFinite(value)) path += `${open ? "L" : "M"}${x(at).toFixed(1)},${y(value).toFixed(1)}`;
    open = Number.isFinite(value);
  });
  return path;
}
