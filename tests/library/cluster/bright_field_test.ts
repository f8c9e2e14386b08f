/** What the direct beam says of crystals and background: rims, crystals without a pattern, and gaps between two crystals. */

import assert from "node:assert/strict";
import { withoutSlope } from "../../../library/cluster/regions/beam_slope.ts";
import { croppedSketch, sampledSketch } from "../../../library/cluster/regions/crop.ts";
import type { Partition } from "../../../library/cluster/regions/grid.ts";
import { reassignBorders, withdrawRims } from "../../../library/cluster/regions/reassign.ts";
import { smoothBeam } from "../../../library/cluster/regions/shade.ts";
import { shadedBackground } from "../../../library/cluster/regions/shaded_background.ts";
import type { Sketch } from "../../../library/passes/sketch/sketch.ts";

/** A sketch of two features without noise, from what each probe has of two crystals and what is left of its direct beam. */
function mixed(
  rows: number,
  columns: number,
  at: (row: number, column: number) => { readonly parts: readonly [number, number]; readonly beam: number },
): Sketch {
  const probes = Array.from(
    { length: rows * columns },
    (_, probe) => at(Math.floor(probe / columns), probe % columns),
  );
  return {
    ...{ rows, columns, length: 2, degreesOfFreedom: 2 },
    features: Float32Array.from(probes.flatMap(({ parts }) => parts)),
    noise: new Float32Array(rows * columns).fill(1e-4),
    beam: Float32Array.from(probes, ({ beam }) => beam),
  };
}

const line = (sketch: Sketch, { labels }: Partition) =>
  Array.from(labels.subarray(0, sketch.columns)).join("");

Deno.test("a rim whose pattern fades belongs to its crystal as far as it takes from the direct beam", () => {
  // From the left: crystal, a rim with a tenth of the signal that takes as much of the beam as half a crystal, background.
  const profile = [...Array(8).fill([1, 500]), [0.1, 700], ...Array(8).fill([0, 1000])];
  const sketch = mixed(
    6,
    profile.length,
    (_, column) => ({ parts: [profile[column][0], 0], beam: profile[column][1] }),
  );
  const labels = new Int32Array(6 * profile.length).map((_, probe) => probe % profile.length < 8 ? 0 : 1);
  const partition = { rows: 6, columns: profile.length, labels, count: 2, background: 1 };
  assert.equal(line(sketch, reassignBorders(sketch, partition)), "00000000011111111");
  // Without the bright field the pattern alone decides, and so it does where the beam tells nothing.
  for (const beam of [undefined, sketch.beam!.map(() => 1000)]) {
    assert.equal(line(sketch, reassignBorders({ ...sketch, beam }, partition)), "00000000111111111");
  }
});

Deno.test("in the gap between two crystals the larger part counts, not what both take together", () => {
  // The middle of the gap has 35 % of each crystal and 30 % of neither, or 25 % of each and half of neither.
  for (const [part, expected] of [[0.44, "00000001111111"], [0.25, "00000002111111"]] as const) {
    const profile = [...Array(7).fill([1, 0]), [part, part - 0.01], ...Array(6).fill([0, 1])];
    const background = (row: number) => row >= 8;
    const sketch = mixed(16, profile.length, (row, column) => {
      if (background(row)) return { parts: [0, 0], beam: 10000 };
      const [one, other] = profile[column];
      return { parts: [one, other], beam: 10000 - 5000 * (one + other) };
    });
    const labels = new Int32Array(16 * profile.length).map((_, probe) => {
      if (background(Math.floor(probe / profile.length))) return 2;
      const column = probe % profile.length;
      return column < 7 ? 0 : column === 7 ? 2 : 1;
    });
    const partition = { rows: 16, columns: profile.length, labels, count: 3, background: 2 };
    const found = reassignBorders(sketch, partition).labels;
    const row = Array.from(found.subarray(6 * profile.length, 7 * profile.length));
    assert.equal(row[7] === 2, expected[7] === "2", `${part}: ${row.join("")}`);
  }
});

Deno.test("crystals in the background are told by their shade, slow changes of a support are not", () => {
  const rows = 40, columns = 60, inside = new Uint8Array(rows * columns).fill(1);
  // A third of the field is crystals that are known; of the rest one square is as dark, and the support falls by a sixth.
  const known = (column: number) => column < 20;
  const hidden = (row: number, column: number) => row >= 12 && row < 20 && column >= 36 && column < 44;
  const sketch = mixed(rows, columns, (row, column) => ({
    parts: [0, 0],
    beam: known(column) || hidden(row, column) ? 1000 : 2000 - 6 * (column - 20) - 3 * row,
  }));
  const map = inside.map((_, probe) => known(probe % columns) ? 0 : 1);
  const found = shadedBackground(sketch, inside, map);
  map.forEach((taken, probe) => {
    const row = Math.floor(probe / columns), column = probe % columns;
    // The smoothing reaches one probe.
    const near = hidden(row - 1, column - 1) || hidden(row + 1, column + 1) || hidden(row - 1, column + 1) ||
      hidden(row + 1, column - 1);
    if (near && !hidden(row, column)) return;
    assert.equal(found.map[probe], hidden(row, column) ? 0 : taken, `${row}, ${column}`);
  });
  assert.equal(found.open[20 * columns + 55], 1);
  // A bright field that tells nothing leaves everything as it is.
  for (const beam of [undefined, sketch.beam!.map(() => 0), sketch.beam!.map((value) => value / 1e5)]) {
    assert.deepEqual(shadedBackground({ ...sketch, beam }, inside, map).map, map);
  }
});

Deno.test("a support may be darker at one side of the scan than crystals are at the other", () => {
  const rows = 48, columns = 64, inside = new Uint8Array(rows * columns).fill(1);
  const known = (row: number, column: number) => column > 40 && (row + column) % 16 < 5 && row % 16 < 5;
  const hidden = (row: number, column: number) => row >= 20 && row < 28 && column >= 8 && column < 16;
  const sketch = mixed(rows, columns, (row, column) => ({
    parts: [0, 0],
    beam: 40000 - 400 * column - 40 * row - (known(row, column) || hidden(row, column) ? 5000 : 0),
  }));
  const map = inside.map((_, probe) => known(Math.floor(probe / columns), probe % columns) ? 0 : 1);
  const flat = withoutSlope(sketch.beam!, map, columns), corner = flat[columns - 1];
  map.forEach((taken, probe) => {
    const row = Math.floor(probe / columns), column = probe % columns;
    const expected = corner - (taken === 0 || hidden(row, column) ? 5000 : 0);
    assert.ok(Math.abs(flat[probe] - expected) < 100, `${row}, ${column}: ${flat[probe]}`);
  });
  const found = shadedBackground(sketch, inside, map).map;
  assert.equal(found[24 * columns + 12], 0);
  // The dark side of the support stays.
  const right = Array.from(map.keys()).filter((probe) => map[probe] === 1 && probe % columns > 40);
  assert.ok(right.filter((probe) => found[probe] === 1).length > 0.9 * right.length);
  // A background of a few probes, or of one line, says nothing of a slope.
  const few = map.map((_, probe) => probe < 20 ? 1 : 0), row = map.map((_, probe) => probe < columns ? 1 : 0);
  assert.equal(withoutSlope(sketch.beam!, few, columns), sketch.beam);
  const upper = sketch.beam!.subarray(0, 4 * columns);
  assert.equal(withoutSlope(upper, row.subarray(0, 4 * columns), columns), upper);
});

Deno.test("a crystal withdraws from the background that its tails reached, as far as that is sure", () => {
  // Eight probes of crystal, five of tails that fade by five from probe to probe and take nothing from the beam, background.
  const profile = [
    ...Array(8).fill([1, 500]),
    ...[1, 2, 3, 4, 5].map((step) => [0.2 ** step, 1000]),
    ...Array(11).fill([0, 1000]),
  ];
  const columns = profile.length;
  const sketch = mixed(
    6,
    columns,
    (_, column) => ({ parts: [profile[column][0], 0], beam: profile[column][1] }),
  );
  sketch.noise.fill(1e-9);
  const fat = (width: number) => ({
    ...{ rows: 6, columns, count: 2, background: 1 },
    labels: new Int32Array(6 * columns).map((_, probe) => probe % columns < width ? 0 : 1),
  });
  const reassigned = reassignBorders(sketch, fat(13));
  assert.equal(line(sketch, reassigned), "0".repeat(11) + "1".repeat(13));
  assert.equal(line(sketch, withdrawRims(sketch, reassigned)), "0".repeat(8) + "1".repeat(16));
  // It does not grow, and where noise leaves it open nothing happens.
  assert.equal(line(sketch, withdrawRims(sketch, fat(6))), "0".repeat(6) + "1".repeat(18));
  const noisy = { ...sketch, beam: undefined, noise: sketch.noise.map(() => 2) };
  assert.equal(line(sketch, withdrawRims(noisy, fat(11))), "0".repeat(11) + "1".repeat(13));
  assert.equal(withdrawRims(sketch, { ...fat(6), background: -1 }).labels.length, 6 * columns);
});

Deno.test("a lost grain that fills more than the reach is told by the drop at its border", () => {
  const rows = 60, columns = 90, inside = new Uint8Array(rows * columns).fill(1);
  const lost = (row: number, column: number) => row < 45 && column >= 30 && column < 75;
  const sketch = mixed(rows, columns, (row, column) => ({
    parts: [0, 0],
    beam: column < 20 ? 1000 : lost(row, column) ? 1400 : 2000,
  }));
  const map = inside.map((_, probe) => probe % columns < 20 ? 0 : 1);
  const found = shadedBackground(sketch, inside, map).map;
  assert.equal(found[20 * columns + 50], 0);
  assert.equal(found[55 * columns + 50], 1);
  assert.equal(found[20 * columns + 85], 1);
});

Deno.test("the bright field is smoothed over neighbours that take part, and parts of a sketch keep theirs", () => {
  const sketch = mixed(3, 3, (row, column) => ({ parts: [0, 0], beam: row === 1 && column === 1 ? 16 : 0 }));
  assert.deepEqual(Array.from(smoothBeam(sketch, () => true)!), [
    ...[16 / 9, 8 / 3, 16 / 9].map(Math.fround),
    ...[8 / 3, 4, 8 / 3].map(Math.fround),
    ...[16 / 9, 8 / 3, 16 / 9].map(Math.fround),
  ]);
  const alone = smoothBeam(sketch, (probe) => probe === 4)!;
  assert.deepEqual(Array.from(alone), [0, 0, 0, 0, 16, 0, 0, 0, 0]);
  assert.equal(smoothBeam({ ...sketch, beam: undefined }, () => true), null);
  const numbered = { ...sketch, beam: Float32Array.from({ length: 9 }, (_, probe) => probe) };
  assert.deepEqual(Array.from(croppedSketch(numbered, { top: 1, left: 1, rows: 2, columns: 2 }).beam!), [
    4,
    5,
    7,
    8,
  ]);
  assert.deepEqual(Array.from(sampledSketch(numbered, { down: 2, right: 1 }).beam!), [0, 1, 2, 6, 7, 8]);
});
