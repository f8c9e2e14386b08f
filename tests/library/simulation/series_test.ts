/** Simulated series: crystals keep their numbers while they drift, grow, merge, appear, dissolve, coarsen and split. */

import assert from "node:assert/strict";
import { simulateSeries } from "../../../library/simulation/series.ts";
import { SeriesTruth } from "../../../library/simulation/series_truth.ts";
import { trueEvents } from "../../../library/scoring/true_events.ts";

const particles = {
  ...{ rows: 32, columns: 32, patternRows: 24, patternColumns: 24, grains: 8, coverage: 0.35, seed: 6 },
  ...{ twinFraction: 0, convergenceAngle: 4 },
};
const calm = { frames: 8, drift: 0, motion: 0, spin: 0, growth: 0, merges: 0, births: 0, dissolutions: 0 };
const still = { ...calm, coarsening: 0 };

/** Probes of each object, frame by frame. */
function sizes(series: ReturnType<typeof simulateSeries>): Map<number, number>[] {
  return Array.from({ length: series.series.frames }, (_, frame) => {
    const counts = new Map<number, number>();
    for (const label of series.frame(frame).labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    return counts;
  });
}

Deno.test("nothing changes where nothing is to change, but for the electrons that are counted", () => {
  const series = simulateSeries(particles, still), one = series.frame(0), other = series.frame(5);
  assert.deepEqual(other.labels, one.labels);
  assert.deepEqual(other.scan.expectedPattern(9, 9), one.scan.expectedPattern(9, 9));
  const row = () => new Uint16Array(32 * 24 * 24);
  const counts = [one, other].map(({ scan }) => {
    const into = row();
    scan.readRows(9, 1, into);
    return into;
  });
  assert.notDeepEqual(counts[0], counts[1]);
  // A frame does not depend on what was asked for before.
  const again = row();
  simulateSeries(particles, still).frame(5).scan.readRows(9, 1, again);
  assert.deepEqual(again, counts[1]);
});

Deno.test("drift moves everything, and brings in what was beyond the rim", () => {
  const series = simulateSeries(particles, { ...still, drift: 3 });
  const first = series.frame(0).labels, frame = 4, [down, right] = series.drift[frame];
  const moved = series.frame(frame).labels;
  let same = 0, all = 0;
  for (let row = 0; row < 32; row++) {
    for (let column = 0; column < 32; column++) {
      const y = row + Math.round(down), x = column + Math.round(right);
      if (y < 0 || y > 31 || x < 0 || x > 31) continue;
      all++;
      if (moved[y * 32 + x] === first[row * 32 + column]) same++;
    }
  }
  assert.ok(all > 200 && same > 0.9 * all, `${same} of ${all}`);
  assert.deepEqual(series.drift[0], [0, 0]);
  series.drift.slice(1).forEach(([row, column], index) => {
    assert.ok(Math.abs(row - series.drift[index][0]) <= 3 && Math.abs(column - series.drift[index][1]) <= 3);
  });
});

Deno.test("particles grow, appear, dissolve, and become one crystal with one lattice", () => {
  const changes = { growth: 0.3, merges: 1, births: 1, dissolutions: 1 };
  const series = simulateSeries(particles, { ...still, ...changes });
  const counts = sizes(series), last = series.frame(7);
  const merged = Array.from(last.partOf).flatMap((host, object) => host !== object ? [[object, host]] : []);
  assert.equal(merged.length, 1);
  const [[guest, host]] = merged;
  assert.ok(counts[0].has(guest) && !counts[7].has(guest));
  assert.ok(counts[7].get(host)! > counts[0].get(host)! + counts[0].get(guest)!);
  const matrix = (object: number) =>
    Array.from(last.scan.truth.orientations.subarray(9 * object, 9 * object + 9));
  assert.deepEqual(matrix(guest), matrix(host));
  const appeared = Array.from(counts[7].keys()).filter((object) => object >= 0 && !counts[0].has(object));
  const gone = Array.from(counts[0].keys()).filter((object) => object !== guest && !counts[7].has(object));
  assert.deepEqual([appeared.length, gone.length], [1, 1]);
  const truth = new SeriesTruth(series);
  for (let frame = 0; frame < 8; frame++) truth.add(series.frame(frame));
  const data = (name: string) => truth.arrays().find((array) => array.name === name)!.data;
  const known = {
    rows: 32,
    columns: 32,
    labels: truth.labels,
    merged: data("merged"),
    splitOf: data("split_of"),
  };
  const events = trueEvents(known);
  assert.deepEqual(
    events.filter(({ kind }) => kind === "merge").map(({ object, partner }) => [object, partner]),
    merged,
  );
});

Deno.test("boundaries of a film move, and twins appear", () => {
  const film = { ...particles, layout: "film" as const, twinFraction: 0.5, grains: 10 };
  const series = simulateSeries(film, { ...still, coarsening: 0.8, nucleations: 2 });
  const twins = Array.from(series.splitOf.entries()).filter(([, parent]) => parent >= 0);
  assert.equal(twins.length, 2);
  const counts = sizes(series);
  for (const [twin] of twins) assert.ok(!counts[0].has(twin) && !counts[1].has(twin));
  assert.ok(twins.some(([twin]) => counts[7].has(twin)));
  // Every probe of a film has a crystal.
  assert.ok(counts.every((frame) => !frame.has(-1)));
  const changed = Array.from(counts[0]).filter(([object, size]) =>
    Math.abs((counts[7].get(object) ?? 0) - size) > 10
  );
  assert.ok(changed.length >= 3, String(changed));
});

Deno.test("equal parameters give equal truth, and senseless ones are named", () => {
  const encode = () => {
    const series = simulateSeries(particles, { frames: 2 }), truth = new SeriesTruth(series);
    for (let frame = 0; frame < 2; frame++) truth.add(series.frame(frame));
    return truth.encode();
  };
  assert.deepEqual(encode(), encode());
  assert.throws(() => simulateSeries(particles, { frames: 2.5 }), /frames is out of range/);
  assert.throws(() => simulateSeries(particles, { drift: -1 }), /drift is out of range/);
  assert.throws(() => simulateSeries(particles, { frames: 2 }).frame(2), RangeError);
});
