/** From recorded patterns to what is compared: blur, centring, masks. */

import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import { at, nowhere } from "../../library/engine/address.ts";
import type { Engine } from "../../library/engine/engine.ts";
import { threadScratch } from "../../library/engine/kernels.ts";
import { rowCalls } from "../../library/engine/row_calls.ts";
import { columns, pixels, rowBytes, side, simulatedRows } from "../patterns.ts";
import { Blur, centered, masked, pearson } from "../plain.ts";
import { type NativeCall, placeArray, type PlacedStep, scratchBytes, type Step } from "../step.ts";

const rows = 2, count = rows * columns;
const taps = gaussianTaps(3);
/** An annulus, as a mask that leaves out the direct beam. */
const keep = Uint8Array.from({ length: pixels }, (_, pixel) => {
  const radius = Math.hypot(Math.floor(pixel / side) - (side - 1) / 2, pixel % side - (side - 1) / 2);
  return radius >= 12 && radius <= 90 ? 1 : 0;
});
const kept = keep.reduce((sum, value) => sum + value, 0);
/** Multiplications and additions of the two passes of the blur, taps at equal distances sharing one. */
const blurOperations = 2 * (3 * taps.radius + 1) * count * pixels;

/** The steps of this file, with their data. */
export function featureSteps(): Step[] {
  const counts = simulatedRows(rows);
  const common = { rawBytes: counts.byteLength, tolerance: 1e-6 };
  const features = new Float32Array(counts.length), cleared = new Uint16Array(counts.length);
  const blur = new Blur(side, side, taps.weights);
  return [
    {
      ...common,
      name: "blur, sigma 3",
      load: { roof: "f32", amount: blurOperations },
      plain() {
        blur.run(counts, features, count);
        return features;
      },
      place: (engine) => placeFeatures(engine, counts, { metric: 0, blurred: true, masked: false }),
    },
    {
      ...common,
      name: "centred features",
      load: { roof: "read", amount: counts.byteLength },
      plain() {
        centered(counts, features, count, pixels);
        return features;
      },
      place: (engine) => placeFeatures(engine, counts, { metric: 1, blurred: false, masked: false }),
    },
    {
      ...common,
      name: "Pearson features in an annulus",
      load: { roof: "read", amount: counts.byteLength },
      plain() {
        pearson(counts, features, count, pixels, keep);
        return features;
      },
      place: (engine) => placeFeatures(engine, counts, { metric: 2, blurred: false, masked: true }),
    },
    {
      ...common,
      name: "mask of 16-bit counts",
      tolerance: 0,
      load: { roof: "read", amount: counts.byteLength },
      plain() {
        masked(counts, cleared, count, pixels, keep);
        return cleared;
      },
      place: (engine) => placeMask(engine, counts),
    },
  ];
}

interface FeatureStep {
  /** As the kernels number them: cosine, centred, Pearson. */
  readonly metric: 0 | 1 | 2;
  readonly blurred: boolean;
  readonly masked: boolean;
}

function placeFeatures(engine: Engine, counts: Uint16Array, step: FeatureStep): PlacedStep {
  const input = placeArray(engine, counts), output = engine.allocate(2 * counts.byteLength);
  const references = engine.allocate(8 * count), scratch = engine.allocate(scratchBytes);
  const weights = engine.place(taps.weights), radius = step.blurred ? taps.radius : 0;
  const mask = step.masked ? placeArray(engine, Int32Array.from(keep, (value) => -value)) : nowhere;
  const addresses = (row: number) => [at(input, row * rowBytes), at(output, 2 * row * rowBytes)] as const;
  const reference = (row: number) => at(references, 8 * columns * row);
  const calls = rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
    "featuresU16",
    ...addresses(row),
    reference(row),
    from,
    to,
    side,
    side,
    step.metric,
    weights,
    radius,
    mask,
    step.masked ? kept : pixels,
    threadScratch,
  ]);
  const native = (row: number): NativeCall => {
    if (step.metric === 0) {
      return ["blur_u16", ...addresses(row), 0, columns, side, side, weights, radius, scratch];
    }
    const numbers = [...addresses(row), reference(row), 0, columns, pixels];
    return step.metric === 1 ? ["centered_u16", ...numbers] : ["pearson_u16", ...numbers, mask, kept];
  };
  return {
    batches: [calls],
    native: Array.from({ length: rows }, (_, row) => native(row)),
    result: engine.view(Float32Array, output, counts.length),
  };
}

function placeMask(engine: Engine, counts: Uint16Array): PlacedStep {
  const input = placeArray(engine, counts), output = engine.allocate(counts.byteLength);
  const mask = placeArray(engine, Uint16Array.from(keep, (value) => -value));
  const numbers = (row: number, from: number, to: number) =>
    [
      at(input, row * rowBytes),
      at(output, row * rowBytes),
      from,
      to,
    ] as const;
  return {
    batches: [
      rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
        "maskPatterns",
        ...numbers(row, from, to),
        2 * pixels,
        mask,
      ]),
    ],
    native: Array.from({ length: rows }, (_, row): NativeCall => [
      "mask_u16",
      ...numbers(row, 0, columns),
      pixels,
      mask,
    ]),
    result: engine.view(Uint16Array, output, counts.length),
  };
}
