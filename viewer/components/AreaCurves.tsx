/** Areas of the selected tracks over time, else of the largest ones; the frame that is shown is dragged on them. */

import { useRef } from "preact/hooks";
import { spread } from "../../library/report/spread.ts";
import { followTrack } from "../page/series/follow.ts";
import { type PlotPlace, plotPlace, pointedTrack } from "../page/series/pointed_plot.ts";
import { frame, frameCount, pause, showFrame, stepFrame, valueOf } from "../page/series/time.ts";
import { sortTracks, sparkline } from "../page/series/track_order.ts";
import { selectedTracks, table, trackColour, tracks } from "../page/series/tracks.ts";
import { formatCount } from "../drawing/format.ts";
import { PlotFrame, SliderHandle } from "./PlotFrame.tsx";

/** Curves without a selection. */
const mostCurves = 12;
/** Numbers of tracks have a line each, wherever their curves end. */
const numberHeight = 11;
const left = 44, right = 30, top = 8, bottom = 20;

export function AreaCurves() {
  const curve = useRef(-1);
  const regions = table.value, count = frameCount.value, all = tracks.value;
  if (!regions || count < 1) return null;
  const chosen = selectedTracks.value.flatMap((track) => all.get(track) ?? []);
  const shown = chosen.length > 0
    ? chosen
    : sortTracks(all.values(), { by: "size", rising: false }).slice(0, mostCurves);
  const most = Math.max(1, ...shown.map(({ largest }) => largest));
  const at = (x: number, width: number): PlotPlace => {
    const share = Math.min(1, Math.max(0, (x - left) / (width - left - right)));
    // One curve need not be met exactly.
    const track = curve.current >= 0 ? curve.current : shown.length === 1 ? shown[0].track : -1;
    return { frame: Math.round(share * (count - 1)), track };
  };
  return (
    <PlotFrame
      label="Areas in probes over time"
      drag={(x, { width }) => {
        pause();
        showFrame((x - left) / (width - left - right) * (count - 1));
      }}
      hover={(x, { width }) => plotPlace.value = x === null ? null : at(x, width)}
    >
      {({ width, height }) => {
        const base = height - bottom, size = { width: width - left - right, height: base - top };
        const x = (at: number) => left + (count > 1 ? size.width * at / (count - 1) : 0);
        const ends = shown.map(({ regions: own }) => base - regions.size[own.at(-1)!] / most * size.height);
        const numbers = spread(ends, numberHeight, top, base);
        return (
          <>
            <line class="axis" x1={left} x2={width - right} y1={base} y2={base} />
            {[0, 0.5, 1].map((part) => (
              <text key={part} x={left - 6} y={base - part * size.height + 4} text-anchor="end">
                {formatCount(Math.round(part * most))}
              </text>
            ))}
            <text x={left} y={height - 4}>frame 0</text>
            <text x={width - right} y={height - 4} text-anchor="end">{count - 1}</text>
            {shown.map(({ track, regions: own, last }, place) => {
              const areas = own.map((region) => [regions.frame[region], regions.size[region]] as const);
              return (
                <g
                  key={track}
                  class={track === pointedTrack.value ? "area-curve pointed" : "area-curve"}
                  data-track={track}
                  // The plot goes to the frame.
                  onPointerDown={() => followTrack(track)}
                  onPointerEnter={() => curve.current = track}
                  onPointerLeave={() => curve.current = -1}
                >
                  {["hit", undefined].map((part) => (
                    <path
                      key={part}
                      class={part}
                      transform={`translate(${left},${top})`}
                      d={sparkline(areas, count, most, size)}
                      style={{ stroke: part ? "transparent" : trackColour(track) }}
                    />
                  ))}
                  <text x={x(last) + 5} y={numbers[place] + 4}>{track}</text>
                </g>
              );
            })}
            <SliderHandle
              label="Frame that is shown"
              x={x(frame.value)}
              height={height}
              top={top}
              base={base}
              minimum={0}
              maximum={count - 1}
              now={frame.value}
              text={`frame ${frame.value}${valueOf(frame.value) && `, ${valueOf(frame.value)}`}`}
              step={stepFrame}
            />
          </>
        );
      }}
    </PlotFrame>
  );
}
