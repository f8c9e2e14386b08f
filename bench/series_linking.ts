/** Time and memory of linking the labels of a long series: `deno run -A bench/series_linking.ts [frames] [side] [regions]`. */

import { cpuUsage } from "node:process";
import { Tracker } from "../library/series/tracker.ts";

const [frames = 200, side = 512, regions = 1000] = Deno.args.map(Number);

/** Where the specimen has moved to. */
function driftOf(frame: number): { row: number; column: number } {
  return { row: Math.round(3 * Math.sin(frame / 5)), column: Math.round(2 * Math.cos(frame / 3)) };
}

/** A tiling of square-ish cells that drifts and trembles, so that links, drift and neighbours are all at work. */
function labelsOf(frame: number): { labels: Int32Array; count: number } {
  const across = Math.ceil(Math.sqrt(regions)), cell = side / across;
  const labels = new Int32Array(side * side);
  const { row: down, column: right } = driftOf(frame);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const tremble = 1.5 * Math.sin((row * 7 + column * 3 + 11 * frame) / 9);
      const y = Math.floor(Math.min(side - 1, Math.max(0, row - down + tremble)) / cell);
      const x = Math.floor(Math.min(side - 1, Math.max(0, column - right + tremble)) / cell);
      labels[row * side + column] = y * across + x;
    }
  }
  return { labels, count: across * across };
}

const length = 200, tracker = new Tracker();
const series = Array.from({ length: 8 }, (_, frame) => labelsOf(frame));
const features = Float64Array.from({ length: series[0].count * length }, (_, i) => Math.sin(i * 12.9898));
const noise = new Float64Array(series[0].count).fill(1);
const clock = performance.now(), used = cpuUsage();
for (let frame = 0; frame < frames; frame++) {
  const { labels, count } = series[frame % series.length];
  tracker.add({ rows: side, columns: side, labels, count, features, noise }, driftOf(frame % series.length));
}
const seconds = (performance.now() - clock) / 1000;
const { user, system } = cpuUsage(used);
const memory = Deno.memoryUsage().rss / 2 ** 20;
console.log(
  `${frames} frames of ${side} x ${side} with ${series[0].count} regions: ${
    (1000 * seconds / frames).toFixed(1)
  } ms a frame, ${((user + system) / 1000 / frames).toFixed(1)} ms of a core, ` +
    `${memory.toFixed(0)} MiB, ${tracker.tracks} tracks`,
);
