/** Sums of patterns into slots, as runs of every length meet them, against plain sums in float64: equal to the bit. */

import assert from "node:assert/strict";
import { withEngine } from "../../library/engine/with_engine.ts";
import type { KernelCall, Working } from "../../library/engine/kernels.ts";
import { randomCounts, seededRandom } from "../support/random.ts";

/** More than two tiles and not a multiple of eight. */
const pixels = 4133;
const patterns = 24;

interface Case {
  readonly name: string;
  readonly working: Working;
  readonly largest: number;
  readonly weight: (random: () => number, term: number) => number;
}

const one = () => 1, drawn = (random: () => number) => random();
/** A run of weights 1 that is broken now and then. */
const mostlyOne = (random: () => number, term: number) => term % 11 === 10 ? random() : 1;
const cases: Case[] = [
  { name: "u8 counts of weight 1", working: "U8", largest: 255, weight: one },
  { name: "u16 counts of weight 1 up to 65535", working: "U16", largest: 65535, weight: one },
  { name: "u16 counts of mixed weights", working: "U16", largest: 65535, weight: mostlyOne },
  { name: "u8 counts of any weight", working: "U8", largest: 255, weight: drawn },
  { name: "float32 patterns of weight 1", working: "F32", largest: 500, weight: one },
  { name: "float32 patterns of any weight", working: "F32", largest: 500, weight: drawn },
];

function samples(working: Working, largest: number): Uint8Array | Uint16Array | Float32Array {
  const random = seededRandom(3);
  const counts = randomCounts(random, patterns * pixels, largest);
  // The largest count everywhere in the first patterns, where narrow sums would overflow.
  for (let i = 0; i < 9 * pixels; i++) counts[i] = largest;
  if (working === "U8") return Uint8Array.from(counts);
  return working === "U16"
    ? Uint16Array.from(counts)
    : Float32Array.from(counts, (count) => count - random());
}

for (const { name, working, largest, weight } of cases) {
  Deno.test(`runs of one to twenty ${name} are summed exactly as one after the other`, () =>
    withEngine({ workers: 1, memory: 400 * 2 ** 20 }, async (engine) => {
      const data = samples(working, largest), random = seededRandom(8);
      const source = engine.place(new Uint8Array(data.buffer));
      const lengths = Array.from({ length: 20 }, (_, i) => i + 1);
      const terms = lengths.flatMap((length, slot) =>
        Array.from({ length }, (_, i) => ({ slot, place: (slot + i) % patterns, weight: weight(random, i) }))
      );
      const weights = new Float64Array(2 * terms.length), integers = new Uint32Array(weights.buffer);
      terms.forEach(({ slot, place, weight }, i) => {
        integers.set([source + place * pixels * data.BYTES_PER_ELEMENT, slot], 4 * i);
        weights[2 * i + 1] = weight;
      });
      const table = engine.place(weights), sums = engine.allocate(8 * lengths.length * pixels);
      const found = engine.view(Float64Array, sums, lengths.length * pixels).fill(0.5);
      const borders = [0, 8, 2056, 4096, pixels];
      await engine.run(
        borders.slice(1).map((to, i): KernelCall => [
          `accumulate${working}`,
          table,
          terms.length,
          pixels,
          borders[i],
          to,
          sums,
        ]),
      );
      const expected = new Float64Array(found.length).fill(0.5);
      for (const { slot, place, weight } of terms) {
        for (let i = 0; i < pixels; i++) expected[slot * pixels + i] += weight * data[place * pixels + i];
      }
      assert.ok(found.every((sum, i) => sum === expected[i]));
    }));
}
