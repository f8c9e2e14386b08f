/** A colour map about zero whose ends are chosen: by a handle on the bar, or as a number. */

import { colourGradient, colourTable } from "../../library/report/colour_maps.ts";
import { formatNumber } from "../../library/report/number_format.ts";
import type { Legend } from "../page/views/view.ts";
import { readNumber, TextEntry } from "./TextEntry.tsx";

/** Change of the end by one step of the keys. */
const stepFactor = 1.05;
const steps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
};

export function RangeBar({ map, name, unit, end, most, choose }: Extract<Legend, { kind: "range" }>) {
  const share = Math.min(1, end / most), table = colourTable(map);
  const lowest = `rgb(${table.subarray(0, 3).join(" ")})`, highest = `rgb(${table.subarray(-3).join(" ")})`;
  const drag = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const bar = event.currentTarget as HTMLElement;
    bar.querySelector<HTMLElement>('[role="slider"]')!.focus({ preventScroll: true });
    bar.setPointerCapture(event.pointerId);
    const { left, width } = bar.getBoundingClientRect(), middle = left + width / 2;
    const move = ({ clientX }: PointerEvent) =>
      choose(most * Math.min(1, Math.max(0.02, Math.abs(clientX - middle) / (width / 2))));
    move(event);
    bar.onpointermove = move;
    bar.onpointerup = bar.onpointercancel = () => bar.onpointermove = null;
  };
  const press = (event: KeyboardEvent) => {
    const count = steps[event.key];
    if (!count) return;
    event.preventDefault();
    event.stopPropagation();
    choose(end * stepFactor ** count);
  };
  const text = formatNumber(end, 3);
  return (
    <span class="range-bar">
      <span>{formatNumber(-end, 3)}</span>
      <span
        class="bar-track"
        style={{ background: `linear-gradient(to right, ${lowest} 50%, ${highest} 50%)` }}
        onPointerDown={drag}
      >
        <i style={{ width: `${100 * share}%`, background: colourGradient(map) }} />
        <span
          class="bar-handle"
          style={{ left: `${50 + 50 * share}%` }}
          tabIndex={0}
          role="slider"
          aria-label={`Largest ${name} of the colours`}
          aria-valuemin={0}
          aria-valuemax={Math.max(most, end)}
          aria-valuenow={end}
          aria-valuetext={`${text} ${unit}`}
          onKeyDown={press}
        />
      </span>
      <TextEntry
        class="number"
        inputMode="decimal"
        autocomplete="off"
        aria-label={`Largest ${name} of the colours in ${unit}`}
        value={text}
        done={(written) => {
          const wanted = readNumber(written);
          if (wanted === null || wanted <= 0) return `“${written.trim()}” is not a number above 0`;
          choose(wanted);
        }}
      />
      <span>{unit}</span>
    </span>
  );
}
