/** Rings and gaps of particles, and lamellae, which are no rims. */

import assert from "node:assert/strict";
import { absorbSmall } from "../../../library/cluster/regions/absorb.ts";
import { decideBackground, mostGrains } from "../../../library/cluster/regions/decided_background.ts";
import type { Partition } from "../../../library/cluster/regions/grid.ts";
import { completeParticles } from "../../../library/cluster/regions/particles.ts";
import { drawnSketch } from "../../support/sketches.ts";

/** A drawing with features that are given for each letter, noise-free, and its map as regions; v is the background. */
function drawn(map: string, features: Readonly<Record<string, readonly number[]>>, electrons = 1) {
  const lines = map.split(" "), letters = Object.keys(features).sort();
  const probes = lines.join("").split(""), length = features[letters[0]].length;
  const labels = Int32Array.from(probes, (letter) => letters.indexOf(letter));
  const sketch = {
    rows: lines.length,
    columns: lines[0].length,
    length,
    features: Float32Array.from(probes.flatMap((letter) => features[letter])),
    noise: Float32Array.from(probes, (letter) => letter === "v" ? 1e-4 * electrons : 1e-4),
    degreesOfFreedom: length,
  };
  const background = letters.indexOf("v");
  const partition: Partition = {
    ...{ rows: sketch.rows, columns: sketch.columns, labels, count: letters.length },
    background,
  };
  return {
    sketch,
    partition,
    named: (of: Int32Array) => Array.from(of, (region) => letters[region]).join(""),
  };
}

/** A ring of one letter around a core of another, among vacuum. */
const ringed = ["vvvvvvv", "vrrrrrv", "vrcccrv", "vrcccrv", "vrcccrv", "vrrrrrv", "vvvvvvv"].join(" ");

Deno.test("a core that shares reflections with the ring around it is one particle with it, another crystal is not", () => {
  const features = (core: readonly number[]) => ({ v: [0, 0, 0], r: [1, 0, 0], c: core });
  const fringes = drawn(ringed, features([0.4, 0.8, 0]));
  const joined = completeParticles(fringes.sketch, fringes.partition);
  assert.equal(fringes.named(joined.labels), ringed.replaceAll(" ", "").replaceAll("c", "r"));
  const other = drawn(ringed, features([0.2, 0.9, 0]));
  assert.deepEqual(completeParticles(other.sketch, other.partition).labels, other.partition.labels);
});

Deno.test("without a background, and beside other grains, a core stays what it is", () => {
  const features = { v: [0, 0, 1], r: [1, 0, 0], c: [0.6, 0.8, 0] };
  const film = drawn(ringed, features);
  const whole = { ...film.partition, background: -1 };
  assert.deepEqual(completeParticles(film.sketch, whole).labels, whole.labels);
  // The ring touches the background at one side only, and another grain at three.
  const map = ["vvvvvvv", "grrrrrg", "grcccrg", "grcccrg", "grcccrg", "grrrrrg", "ggggggg"].join(" ");
  const inside = drawn(map, { ...features, v: [0, 0, 0], g: [0, 0, 1] });
  assert.deepEqual(completeParticles(inside.sketch, inside.partition).labels, inside.partition.labels);
});

Deno.test("a gap within one particle belongs to it; a hole without electrons, and liquid between two, do not", () => {
  const ring = ringed.replaceAll("ccc", "rvr").replace("rvr", "rrr"), features = { v: [0, 0], r: [1, 0] };
  const filled = "vvvvvvvvrrrrrvvrrrrrvvrrrrrvvrrrrrvvrrrrrvvvvvvvv";
  const liquid = drawn(ring, features);
  assert.equal(liquid.named(completeParticles(liquid.sketch, liquid.partition).labels), filled);
  const vacuum = drawn(ring, features, 0.1);
  assert.deepEqual(completeParticles(vacuum.sketch, vacuum.partition).labels, vacuum.partition.labels);
  const map = ["vvvvvvv", "vrrrsss", "vrvvvsv", "vrvvvsv", "vrvvvsv", "vrrrsss", "vvvvvvv"].join(" ");
  const two = drawn(map, { ...features, s: [0, 1] });
  assert.deepEqual(completeParticles(two.sketch, two.partition).labels, two.partition.labels);
});

/** Two wide bands with a thin one between them. */
const banded = Array(12).fill("aaaaaammbbbbbb").join(" ");

Deno.test("a lamella between two parts of one crystal stays, a rim and a step of a bent crystal do not", () => {
  const regions = (a: readonly number[], m: readonly number[], b: readonly number[]) => {
    const { sketch, partition, named } = drawn(banded, { a, m, b });
    return new Set(named(absorbSmall(sketch, partition, 5).labels));
  };
  const host = [1, 0, 0];
  assert.deepEqual(regions(host, [0.5, 1, 0], host), new Set(["a", "m", "b"]));
  // Half of one grain and half of the other.
  assert.deepEqual(regions(host, [0.5, 0.5, 0], [0, 1, 0]), new Set(["a", "b"]));
  // The pattern turns from one side to the other, by 60 degrees at each border.
  const turned = (
    degrees: number,
  ) => [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180), 0];
  assert.deepEqual(regions(turned(0), turned(60), turned(120)), new Set(["a", "b"]));
  assert.deepEqual(regions(turned(0), [0.4, 0.4, 0.7], turned(120)), new Set(["a", "b"]));
});

Deno.test("thin regions of chance are dissolved: what noise alone makes different is no lamella", () => {
  let kept = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { sketch, labels } = drawnSketch({ map: banded, noise: 3, seed, empty: "abm" });
    const partition = { rows: 12, columns: 14, labels: Int32Array.from(labels), count: 3, background: -1 };
    if (absorbSmall(sketch, partition, 5).labels.includes(2)) kept++;
  }
  assert.equal(kept, 0);
});

Deno.test("liquid with many faint particles is a background, and those are kept", () => {
  // Right of the bright grains: plain liquid, and three faint grains of two fifths of it.
  const right = (row: number) => row < 10 ? "ccccccdddddd" : row < 20 ? "eeeeeeeeeeee" : "vvvvvvvvvvvv";
  const map = Array.from({ length: 48 }, (_, row) => "a".repeat(8) + "b".repeat(8) + right(row)).join(" ");
  const noise = 0.08;
  const { sketch, labels } = drawnSketch({ map, noise, seed: 2 });
  const { sketch: bare } = drawnSketch({ map, noise: 0, seed: 2 });
  const parts = [1, 1, 0.055, 0.055, 0.055, 0];
  const features = sketch.features.map((value, i) =>
    value - (1 - parts[labels[Math.floor(i / sketch.length)]]) * bare.features[i]
  );
  const electrons = [1.1, 0.9, 1.05, 0.95, 1.2, 1];
  const stated = sketch.noise.map((value, probe) => value * electrons[labels[probe]]);
  const decided = decideBackground(
    { ...sketch, features, noise: stated },
    new Uint8Array(labels.length).fill(1),
  );
  assert.ok(decided.grains! > mostGrains, `grains ${decided.grains}`);
  assert.equal(decided.present, true);
  assert.equal(decided.doubtful, true);
  const share = (letters: readonly number[]) => {
    const probes = labels.flatMap((label, probe) => letters.includes(label) ? [probe] : []);
    return probes.filter((probe) => decided.map[probe] === 1).length / probes.length;
  };
  assert.ok(share([5]) > 0.9, `liquid ${share([5])}`);
  assert.ok(share([2, 3, 4]) < 0.4, `faint particles ${share([2, 3, 4])}`);
});
