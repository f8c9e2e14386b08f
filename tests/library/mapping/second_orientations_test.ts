/** Second crystals inside clusters, by orientations that are known. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { type Matrix3, multiply } from "../../../library/crystal/matrix.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { secondOrientations } from "../../../library/mapping/second_orientations.ts";
import { orthogonalFrame, randomOrientations } from "../../support/orientations.ts";
import { seededRandom } from "../../support/random.ts";

const gold = await builtInCrystal("Au"), group = laueGroup(gold), plans = [{ crystal: gold, group }];
const rows = 8, columns = 10, probes = rows * columns;
/** Half a turn about [111]: the twin of a cubic crystal. */
const twinning = [-1, 2, 2, 2, -1, 2, 2, 2, -1].map((value) => value / 3) as unknown as Matrix3;
const [grain] = randomOrientations(1, 17), twin = multiply(twinning, grain);

/** About the beam, in degrees. */
function turned(m: Matrix3, degrees: number): Matrix3 {
  const c = Math.cos(degrees * Math.PI / 180), s = Math.sin(degrees * Math.PI / 180);
  return multiply(m, [c, -s, 0, s, c, 0, 0, 0, 1]);
}

/** What is found where each probe has the orientation that `of` says, some of symmetry's equals; `undefined` for none. */
function found(of: (row: number, column: number) => Matrix3 | undefined, labels = new Int32Array(probes)) {
  const matrices = new Float32Array(9 * probes).fill(NaN), phases = new Int32Array(probes).fill(-1);
  const random = seededRandom(5), { rotations } = group;
  for (let probe = 0; probe < probes; probe++) {
    const own = of(Math.floor(probe / columns), probe % columns);
    if (!own) continue;
    const equal = rotations[Math.floor(random() * rotations.length)];
    matrices.set(multiply(equal, turned(own, random() - 0.5)), 9 * probe);
    phases[probe] = 0;
  }
  return secondOrientations({ matrices, phases }, { labels, plans }, columns);
}

Deno.test("a twin that a cluster holds is found, with its part and its name", () => {
  const [second, ...more] = found((_, column) => column === 9 ? undefined : column < 3 ? twin : grain);
  assert.equal(more.length, 0);
  const { cluster, probes: count, part, angle, name } = second;
  assert.deepEqual({ cluster, count, name }, { cluster: 0, count: 24, name: "Sigma3" });
  assert.ok(Math.abs(part - 24 / 72) < 1e-9 && Math.abs(angle - 60) < 0.5, `${part}, ${angle} degrees`);
});

Deno.test("clusters are looked at one by one", () => {
  const labels = Int32Array.from({ length: probes }, (_, probe) => probe % columns < 3 ? 1 : 0);
  assert.deepEqual(found((_, column) => column < 3 ? twin : grain, labels), []);
  const both = found((row, column) => (row < 4) === (column < 3) ? twin : grain, labels);
  assert.deepEqual(both.map(({ cluster, probes }) => [cluster, probes]), [[0, 28], [1, 12]]);
});

Deno.test("scattered mistakes, small groups, bent grains and half turns about the beam are no second crystal", () => {
  // No two of these touch.
  assert.deepEqual(found((row, column) => (row + column) % 2 === 0 && column < 6 ? twin : grain), []);
  assert.deepEqual(found((row, column) => row < 2 && column < 4 ? twin : grain), []);
  assert.deepEqual(found((_, column) => turned(grain, 2 * column)), []);
  const axial = orthogonalFrame([1, 1, 2], [1, 1, -1]);
  assert.deepEqual(found((_, column) => column < 3 ? turned(axial, 180) : axial), []);
  assert.equal(found((_, column) => column < 3 ? turned(axial, 60) : axial).length, 1);
});
