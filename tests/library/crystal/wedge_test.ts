/** Laue groups of all space groups, and the directions that they leave different. */

import assert from "node:assert/strict";
import { parseCif } from "../../../library/crystal/cif/read.ts";
import type { Crystal } from "../../../library/crystal/crystal.ts";
import { apply, dot, type Matrix3, normalise, scale, type Vector3 } from "../../../library/crystal/matrix.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { type LaueClass, laueGroup } from "../../../library/crystal/point_group.ts";
import { loadSpaceGroups } from "../../../library/crystal/space_groups.ts";
import { type CellParameters, unitCell } from "../../../library/crystal/unit_cell.ts";
import { DirectionReducer, zoneAxes } from "../../../library/crystal/wedge.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { randomOrientations } from "../../support/orientations.ts";

const groups = await loadSpaceGroups();
const gold = laueGroup(await parseCif(cifText(structures.gold)));
const degree = Math.PI / 180;

const cells = {
  triclinic: { a: 4, b: 5, c: 6, alpha: 80, beta: 95, gamma: 105 },
  monoclinic: { a: 5, b: 6, c: 7, alpha: 90, beta: 99, gamma: 90 },
  orthorhombic: { a: 4, b: 5, c: 6, alpha: 90, beta: 90, gamma: 90 },
  tetragonal: { a: 4, b: 4, c: 5, alpha: 90, beta: 90, gamma: 90 },
  hexagonal: { a: 4, b: 4, c: 6, alpha: 90, beta: 90, gamma: 120 },
  cubic: { a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90 },
} satisfies Record<string, CellParameters>;

/** Space groups first..last of one Laue class, and how many rotations it has. */
const classes: readonly (readonly [LaueClass, keyof typeof cells, number, number, number])[] = [
  ["-1", "triclinic", 1, 2, 1],
  ["2/m", "monoclinic", 3, 15, 2],
  ["mmm", "orthorhombic", 16, 74, 4],
  ["4/m", "tetragonal", 75, 88, 4],
  ["4/mmm", "tetragonal", 89, 142, 8],
  ["-3", "hexagonal", 143, 148, 3],
  ["-3m", "hexagonal", 149, 167, 6],
  ["6/m", "hexagonal", 168, 176, 6],
  ["6/mmm", "hexagonal", 177, 194, 12],
  ["m-3", "cubic", 195, 206, 12],
  ["m-3m", "cubic", 207, 230, 24],
];

/** Directions spread over the sphere. */
const directions = randomOrientations(60, 3).map((m): Vector3 => [m[2], m[5], m[8]]);

function crystalOf(number: number, parameters: CellParameters): Crystal {
  const { operations } = groups.byNumber(number, parameters)!;
  return { name: "", cell: unitCell(parameters), atoms: [], operations, notes: [] };
}

for (const [laueClass, cell, first, last, rotations] of classes) {
  Deno.test(`every direction has one equal in the wedge of ${laueClass}, in all its space groups`, () => {
    for (let number = first; number <= last; number++) {
      const group = laueGroup(crystalOf(number, cells[cell]));
      assert.equal(group.laueClass, laueClass, `space group ${number}`);
      assert.equal(group.rotations.length, rotations);
      const reducer = new DirectionReducer(group);
      for (const direction of directions) {
        const { direction: reduced, triangle, coordinates } = reducer.reduce(direction);
        const corners = reducer.triangles[triangle];
        const back = corners.reduce<Vector3>(
          (sum, corner, index) =>
            sum.map((value, axis) => value + coordinates[index] * corner[axis]) as unknown as Vector3,
          [0, 0, 0],
        );
        assert.ok(dot(back, reduced) > 1 - 1e-8, "inside its triangle");
        for (const rotation of group.rotations) {
          const equal = reducer.reduce(scale(apply(rotation, direction), -1)).direction;
          assert.ok(dot(equal, reduced) > 1 - 1e-8, `space group ${number}`);
        }
      }
    }
  });
}

Deno.test("the wedge does not depend on the axes that the cell is described in", () => {
  const aUnique = { a: 7, b: 6, c: 5, alpha: 99, beta: 90, gamma: 90 };
  const group = laueGroup(crystalOf(14, aUnique));
  assert.equal(group.laueClass, "2/m");
  assert.ok(Math.abs(group.frame[3]) > 0.999, "the two-fold axis lies along a");
  const rhombohedral = { a: 5, b: 5, c: 5, alpha: 55, beta: 55, gamma: 55 };
  assert.equal(laueGroup(crystalOf(167, rhombohedral)).laueClass, "-3m");
});

Deno.test("numbers of zone axes", () => {
  const counts = [1, 2, 3, 4, 5].map((step) => zoneAxes(gold, step * degree).length);
  assert.deepEqual(counts, [1596, 406, 190, 120, 78]);
  const tetragonal = laueGroup(crystalOf(123, cells.tetragonal));
  assert.equal(zoneAxes(tetragonal, 2 * degree).length, 1081);
});

Deno.test("no direction is further than a step from a zone axis", () => {
  for (const [, cell, number] of classes) {
    const group = laueGroup(crystalOf(number, cells[cell]));
    const zones = zoneAxes(group, 5 * degree), reducer = new DirectionReducer(group);
    for (const direction of directions) {
      const { direction: reduced } = reducer.reduce(direction);
      const nearest = Math.max(...zones.map((zone) => dot(zone, reduced)));
      assert.ok(nearest >= Math.cos(5 * degree), `space group ${number}: ${Math.acos(nearest) / degree}`);
    }
  }
});

Deno.test("disorientations of the coincidence boundaries of cubic crystals", () => {
  const about = ([x, y, z]: Vector3, angle: number): Matrix3 => {
    const [u, v, w] = normalise([x, y, z]),
      c = Math.cos(angle * degree),
      s = Math.sin(angle * degree),
      d = 1 - c;
    return [
      ...[c + u * u * d, u * v * d - w * s, u * w * d + v * s] as const,
      ...[v * u * d + w * s, c + v * v * d, v * w * d - u * s] as const,
      ...[w * u * d - v * s, w * v * d + u * s, c + w * w * d] as const,
    ];
  };
  const none: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const table: [Vector3, number, number][] = [
    [[1, 1, 1], 60, 60],
    [[1, 1, 2], 180, 60],
    [[0, 1, 1], 70.5288, 60],
    [[0, 0, 1], 36.87, 36.87],
    [[0, 0, 1], 90, 0],
    [[1, 1, 1], 38.213, 38.213],
    [[0, 1, 1], 38.942, 38.942],
    [[0, 1, 1], 50.479, 50.479],
  ];
  for (const [axis, angle, expected] of table) {
    const found = disorientation(gold.rotations, none, about(axis, angle));
    assert.ok(Math.abs(found - expected) < 1e-3, `${axis} ${angle}: ${found}`);
  }
  const many = randomOrientations(4001, 5);
  const random = many.slice(1).map((other, index) => disorientation(gold.rotations, many[index], other));
  const mean = random.reduce((sum, angle) => sum + angle, 0) / random.length;
  assert.ok(Math.abs(mean - 40.7) < 0.7, `mean ${mean}`);
  assert.ok(Math.max(...random) < 62.8);
});
