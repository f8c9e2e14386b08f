/** The decision on the background: off-zone grains, faint particles, empty support, small holes. */

import assert from "node:assert/strict";
import {
  decideBackground,
  doubtfulGrains,
  mostGrains,
} from "../../../library/cluster/regions/decided_background.ts";
import { grainsWithin } from "../../../library/cluster/regions/grains_within.ts";
import { findRegions } from "../../../library/cluster/regions/regions.ts";
import { adjustedRandIndex } from "../../../library/scoring/agreement.ts";
import { drawnSketch } from "../../support/sketches.ts";

const auto = { background: "auto" } as const;

/** 24 x 40 probes: bright grains a and b on the left, other letters on the right. */
function field(...bands: readonly string[]): string {
  const right = bands.flatMap((letter) => Array(Math.floor(24 / bands.length)).fill(letter));
  return right.map((letter) => "a".repeat(10) + "b".repeat(10) + letter.repeat(20)).join(" ");
}

/** The sketch of a drawing in which letters have a part of the signal that others have. */
function sketchOf(
  map: string,
  { parts = {}, noise = 0.05, seed = 1 }: { parts?: Record<string, number>; noise?: number; seed?: number },
) {
  const { sketch, labels } = drawnSketch({ map, noise, seed });
  const { sketch: bare } = drawnSketch({ map, noise: 0, seed });
  const letters = Array.from(new Set(map.replaceAll(" ", ""))).sort();
  const features = sketch.features.map((value, i) => {
    const part = parts[letters[labels[Math.floor(i / sketch.length)]]] ?? 1;
    return value - (1 - part) * bare.features[i];
  });
  // Every kind of grain scatters a different number of electrons; letters v and w are one support.
  const electrons = (letter: string) => "vw".includes(letter) ? 1 : 0.85 + 0.1 * (letter.charCodeAt(0) % 6);
  const stated = sketch.noise.map((value, probe) => value * electrons(letters[labels[probe]]));
  return { sketch: { ...sketch, features, noise: stated }, labels, letters };
}

Deno.test("off-zone grains with a few thousandths of the signal are no background, whatever the noise", () => {
  for (const seed of [1, 2, 3, 4]) {
    const { sketch, labels } = sketchOf(field("c", "d", "e"), { parts: { c: 0.05, d: 0.05, e: 0.05 }, seed });
    const inside = new Uint8Array(labels.length).fill(1);
    const decided = decideBackground(sketch, inside);
    assert.ok(decided.proposed.includes(1), "single probes take them for support");
    assert.equal(decided.present, false);
    assert.ok(decided.grains! > mostGrains);
    const found = findRegions(sketch, auto);
    const index = adjustedRandIndex(found.labels, labels);
    assert.ok(index > 0.8, `seed ${seed}: ${index}`);
    // The other map is there to be looked at.
    assert.ok(findRegions(sketch, { background: "proposed" }).background.coverage > 0.4);
  }
});

Deno.test("a support without a pattern of its own is background, and holds no grains", () => {
  for (const noise of [0.01, 0.02, 0.05]) {
    const { sketch, labels } = sketchOf(field("v"), { parts: { v: 0 }, noise });
    const inside = new Uint8Array(labels.length).fill(1);
    const decided = decideBackground(sketch, inside);
    assert.equal(decided.present, true);
    assert.equal(decided.doubtful, false);
    assert.equal(grainsWithin(sketch, decided.map, 1).share, 0);
    const found = findRegions(sketch, auto);
    assert.equal(found.background.coverage, 0.5);
    assert.deepEqual(Array.from(found.labels, (label) => label < 0), labels.map((label) => label === 2));
  }
});

Deno.test("what all of a support has in common, such as the tail of the beam, makes no grain of it", () => {
  const { sketch, labels } = sketchOf(field("v"), { parts: { v: 0.03 } });
  const decided = decideBackground(sketch, new Uint8Array(labels.length).fill(1));
  assert.equal(decided.present, true);
  assert.ok(decided.grains! < doubtfulGrains[0], `grains ${decided.grains}`);
});

Deno.test("a support that slowly changes is background, however many electrons show the change", () => {
  const { sketch, labels } = sketchOf(field("v", "w", "v"), { parts: { v: 0.006, w: 0.006 }, noise: 0.002 });
  const decided = decideBackground(sketch, new Uint8Array(labels.length).fill(1));
  assert.deepEqual([decided.present, decided.grains], [true, 0]);
});

Deno.test("two patterns in equally many electrons are one support that is shifted, as by descan", () => {
  const { sketch, labels } = sketchOf(field("v", "w"), { parts: { v: 0.04, w: 0.04 }, noise: 0.03 });
  const decided = decideBackground(sketch, new Uint8Array(labels.length).fill(1));
  assert.equal(decided.present, true);
});

Deno.test("a faint particle on a support is kept, and the support stays background", () => {
  const lines = field("v").split(" ").map((line, row) =>
    row >= 8 && row < 15 ? line.slice(0, 30) + "ppppp" + line.slice(35) : line
  );
  const { sketch, labels, letters } = sketchOf(lines.join(" "), {
    parts: { v: 0.02, p: 0.035 },
    noise: 0.02,
  });
  const particle = letters.indexOf("p");
  const decided = decideBackground(sketch, new Uint8Array(labels.length).fill(1));
  assert.equal(decided.present, true, `grains ${decided.grains}`);
  const proposed = labels.filter((label, probe) => label === particle && decided.proposed[probe] === 1);
  assert.ok(proposed.length > 20, "single probes take it for support");
  const kept = labels.filter((label, probe) => label === particle && decided.map[probe] === 0);
  assert.ok(kept.length >= 30, `${kept.length} of 35`);
});

Deno.test("the answer is told as doubtful where grains take a part of the background that decides little", () => {
  // Nearly a third of the right half are weak grains: above the limit, but not by much.
  const lines = field("v").split(" ").map((line, row) => row < 7 ? line.slice(0, 20) + "c".repeat(20) : line);
  const { sketch, labels } = sketchOf(lines.join(" "), { parts: { v: 0.02, c: 0.035 }, noise: 0.02 });
  const decided = decideBackground(sketch, new Uint8Array(labels.length).fill(1));
  assert.ok(
    decided.grains! > doubtfulGrains[0] && decided.grains! < doubtfulGrains[1],
    `grains ${decided.grains}`,
  );
  assert.equal(decided.doubtful, true);
});

Deno.test("a hole of a twentieth of the field is found by its lack of electrons, a weak grain is kept", () => {
  const lines = field("c", "d").split(" ").map((line, row) =>
    row >= 4 && row < 11 ? line.slice(0, 22) + "hhhhhhh" + line.slice(29) : line
  );
  const { sketch, labels, letters } = sketchOf(lines.join(" "), { parts: { h: 0 }, noise: 0.1 });
  const hole = letters.indexOf("h");
  const noise = sketch.noise.map((value, probe) => labels[probe] === hole ? 0.15 * value : value);
  const features = sketch.features.map((value, i) =>
    labels[Math.floor(i / sketch.length)] === hole ? Math.sqrt(0.15) * value : value
  );
  const found = findRegions({ ...sketch, features, noise }, auto);
  assert.equal(found.background.present, true);
  assert.deepEqual(Array.from(found.labels, (label) => label < 0), labels.map((label) => label === hole));
  // As many electrons as elsewhere: an off-zone grain.
  const grain = findRegions(sketch, auto);
  assert.ok(
    !grain.labels.includes(-1) || grain.background.valley < 1 && grain.background.proposed.includes(1),
  );
});
