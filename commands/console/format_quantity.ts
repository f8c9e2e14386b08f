/** Quantities in words, as the commands print them: plain ASCII, which every terminal and script can read. */

import { printableLine } from "./printable.ts";

/** Bytes with three digits and a decimal unit: `512 B`, `1.31 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes, unit = 0;
  while (value >= 999.5 && unit < units.length - 1) value /= 1000, unit++;
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** A duration: `0.42 s`, `3.1 s`, `12 s`, `3 min 20 s`, `1 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(seconds < 0.995 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
}

/** A fraction as percent with one decimal: `97.3 %`. */
export function formatPercent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

/** A number with at most `digits` significant digits and no trailing zeros. */
export function formatNumber(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}

/** Lines of `name  value`, the values in one column; `undefined` leaves a line out. */
export function formatTable(lines: readonly (readonly [string, string | undefined])[]): string {
  const present = lines.filter((line): line is readonly [string, string] => line[1] !== undefined);
  const width = Math.max(...present.map(([name]) => name.length));
  return present.map(([name, value]) => `${name.padEnd(width)}  ${printableLine(value)}\n`).join("");
}

/** A number of things: `1 cluster`, `12 clusters`. */
export function formatCount(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
