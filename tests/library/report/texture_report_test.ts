/** Texture of a small scan: which figures there are, their names and pictures, and the planes that are shown by default. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import type { Vector3 } from "../../../library/crystal/matrix.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { widestFamilies } from "../../../library/mapping/pole_figure.ts";
import { probeOrientations } from "../../../library/mapping/probe_orientations.ts";
import { textureOf } from "../../../library/mapping/texture.ts";
import { millerName, millerText } from "../../../library/report/miller_name.ts";
import {
  textureFigures,
  type TextureSection,
  textureSection,
} from "../../../library/report/texture_section.ts";
import { isTextureFile } from "../../../library/results/texture_files.ts";
import { orthogonalFrame } from "../../support/orientations.ts";

const phases = await Promise.all(["Au", "Ti", "Si"].map(async (name) => {
  const crystal = await builtInCrystal(name);
  return { crystal, group: laueGroup(crystal) };
}));
const shape = { rows: 2, columns: 3 }, labels = Int32Array.of(0, 0, 1, 0, -1, 1);
const orientations = [
  { phase: 0, orientation: orthogonalFrame([0, 0, 1], [1, 0, 0]) },
  { phase: 1, orientation: orthogonalFrame([0, 0, 1], [1, 0, 0]) },
];

Deno.test("the planes widest apart are those that diffract first, each family once", async () => {
  const widest = (index: number) => widestFamilies(phases[index].crystal, phases[index].group, 3);
  assert.deepEqual(widest(0), [[1, 1, 1], [2, 0, 0], [2, 2, 0]]);
  assert.deepEqual(widest(1), [[1, 0, 0], [0, 0, 2], [1, 0, 1]]);
  assert.deepEqual(widest(2), [[1, 1, 1], [2, 2, 0], [3, 1, 1]]);
  const iron = await builtInCrystal("Fe");
  assert.deepEqual(widestFamilies(iron, laueGroup(iron), 3), [[1, 1, 0], [2, 0, 0], [2, 1, 1]]);
});

Deno.test("each phase that is there has its figures, with x down and y to the right", () => {
  const texture = textureOf(probeOrientations(labels, orientations), labels, shape, 2, phases);
  assert.deepEqual(texture.poleFigures.map(({ phase }) => phase), [0, 0, 0, 1, 1, 1]);
  assert.equal(texture.inversePoleFigures.length, 6);
  const section: TextureSection = {
    ...{ texture, phases, shape, sizes: [3, 2], halfWidth: 10, source: "<all>", local: true, limit: 5 },
    ...{ projection: "stereographic", neighbours: 8 },
  };
  const figures = textureFigures(section);
  assert.deepEqual([...figures.keys()].slice(0, 3), [
    "pole_figure_0_111",
    "pole_figure_0_200",
    "pole_figure_0_220",
  ]);
  for (const [name, figure] of figures) {
    const text = String(figure);
    assert.ok(isTextureFile(`${name}.svg`), name);
    assert.match(text, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*aria-label="[^"]+times as dense/);
    const ids = Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
    assert.ok(ids.length === 2 && ids.every((id) => id.startsWith(name)));
  }
  // (200) of gold: poles in the middle, below, and to the right, and on the rim at either end.
  const circles = Array.from(
    String(figures.get("pole_figure_0_200")).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g),
    ([, x, y]) => [Number(x), Number(y)],
  ).sort(([a, b], [c, d]) => a - c || b - d);
  const middle = [130, 134];
  assert.ok(circles.some(([x, y]) => x === middle[0] && y === middle[1]), `${circles}`);
  assert.ok(circles.every(([x, y]) => Math.round(Math.hypot(x - 130, y - 134)) % 100 === 0), `${circles}`);
  const page = String(textureSection(section, figures));
  assert.ok(page.includes("&#60;all&#62;") && page.includes("Kernel average misorientation"));
  assert.equal(page.match(/<img (?![^>]*alt="[^"])/g), null, "every picture is described");
  assert.ok(!String(textureSection({ ...section, local: false }, figures)).includes("Kernel"));
});

Deno.test("poles of a crystal that is not square to the sample lie down and to the right as their vectors do", () => {
  // [111] towards the source, [11-2] down: (001) is tilted upwards, against x.
  const one = [{ phase: 0, orientation: orthogonalFrame([1, 1, 1], [1, 1, -2]) }], label = Int32Array.of(0);
  const texture = textureOf(probeOrientations(label, one), label, { rows: 1, columns: 1 }, 1, phases, {
    families: [[2, 0, 0]],
  });
  const figures = textureFigures({
    ...{
      texture,
      phases,
      shape: { rows: 1, columns: 1 },
      sizes: [1],
      projection: "equal-area",
      halfWidth: 10,
    },
    ...{ source: "", local: false, limit: 5, neighbours: 8 },
  });
  const circles = Array.from(
    String(figures.get("pole_figure_0_200")).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g),
    ([, x, y]) => [Number(x) - 130, Number(y) - 134],
  );
  // 54.74 degrees from the middle: sqrt(1 - cos) of the radius; one straight up, two downwards to both sides.
  const far = 100 * Math.sqrt(1 - Math.sqrt(1 / 3));
  const expected = [90, 210, 330].map((
    turn,
  ) => [far * Math.cos(turn * Math.PI / 180), -far * Math.sin(turn * Math.PI / 180)]);
  for (const [x, y] of expected) {
    assert.ok(circles.some(([a, b]) => Math.hypot(a - x, b - y) < 0.02), `${circles} has no ${x}, ${y}`);
  }
});

Deno.test("indices have bars for people, minus signs for files, and spaces from ten on", () => {
  const planes: [Vector3, string, string][] = [
    [[1, -1, 0], "11\u03050", "1-10"],
    [[1, 0, -12], "1 0 1\u03052\u0305", "1_0_-12"],
  ];
  for (const [plane, name, text] of planes) {
    assert.deepEqual([millerName(plane), millerText(plane)], [name, text]);
  }
});
