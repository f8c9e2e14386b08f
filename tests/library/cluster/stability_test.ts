/** How far a map can be trusted: each part sees what it is for, and windows of a large scan are cut where they lie. */

import assert from "node:assert/strict";
import {
  croppedMap,
  croppedSketch,
  sampledMap,
  sampledSketch,
} from "../../../library/cluster/regions/crop.ts";
import { findRegions } from "../../../library/cluster/regions/regions.ts";
import { stabilityOf } from "../../../library/cluster/regions/stability.ts";
import { unexplainedSignal } from "../../../library/cluster/regions/unexplained.ts";
import type { Sketch } from "../../../library/passes/sketch/sketch.ts";
import { blankSketches } from "../../../library/passes/sketch/sketches.ts";
import { stabilityWindows } from "../../../library/passes/sketch/windows.ts";
import { drawnSketch, stripes } from "../../support/sketches.ts";

const auto = { background: "auto" } as const;
const map = stripes(24, { a: 8, b: 8, c: 8 });

/** The drawing with noise of another seed. */
function measured(seed: number, noise: number, drawing = map): Sketch {
  const { sketch } = drawnSketch({ map: drawing, noise: 0 });
  const noisy = drawnSketch({ map: drawing, noise, seed, empty: "abc" }).sketch;
  return { ...noisy, features: noisy.features.map((value, i) => value + sketch.features[i]) };
}

function judged(whole: Sketch, half: Sketch) {
  const window = { top: 0, left: 0, rows: whole.rows, columns: whole.columns };
  return stabilityOf(whole, [{ window, half }], findRegions(whole, auto), auto);
}

Deno.test("a map that half of the electrons, half of the probes and limits confirm is trusted, one of noise is not", () => {
  const sure = judged(measured(1, 0.3), measured(2, 0.5));
  assert.deepEqual([sure.electrons, sure.probes, sure.limits, sure.explained, sure.rims], [1, 1, 1, 1, 1]);
  assert.ok(sure.value > 0.95, JSON.stringify(sure));
  const noise = judged(measured(1, 8), measured(2, 12));
  assert.ok(noise.value < 0.5 && noise.value >= 0, JSON.stringify(noise));
  const { value, tried: _, ...parts } = sure;
  const { electrons, probes, limits, explained, rims } = parts;
  assert.equal(value, Math.sqrt(electrons * limits * rims * Math.sqrt(electrons * probes * explained)));
});

Deno.test("two crystals that are held for one leave signal unexplained, one crystal none, whatever the noise", () => {
  for (const noise of [0, 0.3, 1]) {
    const whole = measured(1, noise);
    const { rows, columns } = whole, found = findRegions(whole, auto);
    const alone = { rows, columns, labels: found.labels, count: 3, background: -1 };
    assert.ok(unexplainedSignal(whole, alone) < 0.05, `noise ${noise}`);
    const joined = { ...alone, labels: found.labels.map((region) => Math.min(region, 1)) };
    assert.ok(unexplainedSignal(whole, joined) > 0.4, `noise ${noise}`);
    const window = { top: 0, left: 0, rows, columns };
    const wrong = { ...found, labels: joined.labels, sizes: found.sizes.slice(0, 2) };
    assert.ok(stabilityOf(whole, [{ window, half: whole }], wrong, auto).explained < 0.9);
  }
});

Deno.test("small crystals on a background are trusted less than large ones: more of them is rim", () => {
  const [small, large] = [3, 9].map((width) => {
    const line = "v".repeat(12) + "a".repeat(width) + "v".repeat(12);
    const { sketch } = drawnSketch({
      map: stripes(24, { v: 1 }).replaceAll("v", line),
      noise: 0.02,
      empty: "v",
    });
    const found = findRegions(sketch, auto);
    assert.ok(found.background.present);
    return judged(sketch, sketch);
  });
  assert.ok(small.rims < large.rims && large.rims < 1, `${small.rims} ${large.rims}`);
  assert.deepEqual([small.electrons, small.limits, large.probes], [1, 1, 1]);
});

Deno.test("lamellae as thin as the sampling are trusted less than thick ones", () => {
  const [thin, thick] = [2, 8].map((width) => {
    const { sketch } = drawnSketch({
      map: stripes(24, { a: 4 }).replaceAll(
        "aaaa",
        ("a".repeat(width) + "b".repeat(width)).repeat(16 / width),
      ),
      noise: 0.1,
    });
    return judged(sketch, sketch);
  });
  assert.ok(thin.probes < 0.9 && thick.probes === 1, `${thin.probes} ${thick.probes}`);
  assert.ok(thin.value < 0.95 && thick.value === 1, `${thin.value} ${thick.value}`);
  assert.equal(thin.electrons, 1);
});

/** Square particles of twelve probes, each a crystal of its own, in some quarters of a square field. */
function particles(side: number, quarters: readonly (readonly [number, number])[]): string {
  const field = Array.from({ length: side }, () => Array<string>(side).fill("v")), letters = "abcdefghi";
  for (const [down, right] of quarters) {
    for (const [index, letter] of Array.from(letters).entries()) {
      const top = down * side / 2 + 6 + 18 * Math.floor(index / 3),
        left = right * side / 2 + 6 + 18 * (index % 3);
      for (let row = top; row < top + 12; row++) field[row].fill(letter, left, left + 12);
    }
  }
  return field.map((row) => row.join("")).join(" ");
}

/** How a large scan is judged in its four windows. */
function judgedInWindows(map: string, mask?: Uint8Array) {
  const [whole, half] = [0.1, 0.15].map((noise, seed) => {
    const { sketch } = drawnSketch({ map, noise: 0, empty: "v" });
    const noisy = drawnSketch({ map, noise, seed: seed + 1, empty: "abcdefghiv" }).sketch;
    return { ...noisy, features: noisy.features.map((value, i) => value + sketch.features[i]) };
  });
  const windows = stabilityWindows(whole).map((window) => ({ window, half: croppedSketch(half, window) }));
  const settings = { ...auto, mask };
  return stabilityOf(whole, windows, findRegions(whole, settings), settings);
}

Deno.test("a part of a large scan that is all background does not speak against the map of the rest", () => {
  const everywhere = judgedInWindows(particles(120, [[0, 0], [0, 1], [1, 0], [1, 1]]));
  assert.deepEqual([everywhere.electrons, everywhere.probes, everywhere.limits], [1, 1, 1]);
  for (const quarters of [[[0, 0], [1, 1], [0, 1]], [[1, 0]]] as const) {
    assert.deepEqual(judgedInWindows(particles(120, quarters)), everywhere);
  }
});

Deno.test("what a mask leaves out does not speak for a map", () => {
  // The left half is lamellae as thin as the sampling, the right one crystals that nothing shakes.
  const thin = "aabb".repeat(6), map = stripes(24, { a: 1 }).replaceAll("a", thin + "e".repeat(60));
  const masked = new Uint8Array(24 * 84).map((_, probe) => probe % 84 < 24 ? 1 : 0);
  const alone = judged(
    drawnSketch({ map: stripes(24, { a: 1 }).replaceAll("a", thin) }).sketch,
    drawnSketch({ map: stripes(24, { a: 1 }).replaceAll("a", thin) }).sketch,
  );
  const { sketch } = drawnSketch({ map });
  const settings = { ...auto, mask: masked }, window = { top: 0, left: 0, rows: 24, columns: 84 };
  const { probes } = stabilityOf(sketch, [{ window, half: sketch }], findRegions(sketch, settings), settings);
  assert.ok(alone.probes < 0.9 && Math.abs(probes - alone.probes) < 0.1, `${probes} ${alone.probes}`);
});

Deno.test("a map of which no window holds a crystal was not tried", () => {
  const empty = judgedInWindows(particles(120, [[0, 0]]), new Uint8Array(14400).fill(1, 0, 240));
  assert.deepEqual([empty.value, empty.tried], [0, false]);
  assert.ok(judgedInWindows(particles(120, [[0, 0]])).tried);
});

Deno.test("what is too small is not sampled", () => {
  const lamellae = (rows: number, columns: number) => {
    const { sketch } = drawnSketch({
      map: stripes(rows, { a: 1 }).replaceAll("a", "aabb".repeat(columns / 4)),
    });
    return judged(sketch, sketch).probes;
  };
  assert.equal(lamellae(20, 20), 1);
  // Every second row has the lamellae as they are.
  assert.equal(lamellae(24, 20), 1);
  assert.ok(lamellae(20, 24) < 0.5);
});

Deno.test("for a map without regions, or of patterns without signal, nothing speaks; one crystal is trusted", () => {
  const { sketch } = drawnSketch({ map: stripes(12, { a: 12 }) }), probes = 144;
  const none = { ...auto, mask: new Uint8Array(probes) };
  const window = { top: 0, left: 0, rows: 12, columns: 12 };
  assert.equal(stabilityOf(sketch, [{ window, half: sketch }], findRegions(sketch, none), none).value, 0);
  const { whole, windows } = blankSketches(sketch);
  assert.equal(stabilityOf(whole, windows, findRegions(whole, auto), auto).value, 0);
  assert.equal(judged(sketch, sketch).value, 1);
});

Deno.test("parts of maps and sketches are those of the rectangle", () => {
  const { sketch } = drawnSketch({ map: stripes(6, { a: 3, b: 4 }), length: 2 });
  const window = { top: 2, left: 3, rows: 3, columns: 2 };
  const numbers = Int32Array.from({ length: 42 }, (_, probe) => probe);
  const probes = [17, 18, 24, 25, 31, 32];
  assert.deepEqual(Array.from(croppedMap(numbers, 7, window)), probes);
  const part = croppedSketch(sketch, window);
  assert.deepEqual([part.rows, part.columns, part.length], [3, 2, 2]);
  assert.deepEqual(
    Array.from(part.features),
    probes.flatMap((probe) => Array.from(sketch.features.subarray(2 * probe, 2 * probe + 2))),
  );
  assert.deepEqual(Array.from(part.noise), probes.map((probe) => sketch.noise[probe]));
});

Deno.test("a coarser sampling has every so many rows and columns, from the first on", () => {
  const { sketch } = drawnSketch({ map: stripes(5, { a: 3, b: 4 }), length: 2 });
  const step = { down: 2, right: 3 }, probes = [0, 3, 6, 14, 17, 20, 28, 31, 34];
  const numbers = Int32Array.from({ length: 35 }, (_, probe) => probe);
  assert.deepEqual(Array.from(sampledMap(numbers, 7, step)), probes);
  const part = sampledSketch(sketch, step);
  assert.deepEqual([part.rows, part.columns, part.length], [3, 3, 2]);
  assert.deepEqual(
    Array.from(part.features),
    probes.flatMap((probe) => Array.from(sketch.features.subarray(2 * probe, 2 * probe + 2))),
  );
  assert.deepEqual(Array.from(part.noise), probes.map((probe) => sketch.noise[probe]));
});
