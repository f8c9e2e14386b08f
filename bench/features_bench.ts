/** From recorded patterns to what is compared: blur, centring, masks. */

import { gaussianTaps } from "../cluster/gaussian.ts";
import type { Engine } from "../engine/engine.ts";
import { type KernelCall, threadScratch } from "../engine/kernels.ts";
import { rowCalls } from "../engine/rows.ts";
import { columns, pixels, rowBytes, side, simulatedRows } from "./patterns.ts";
import { Blur, centered, masked, pearson } from "./plain.ts";
import { benchStep, place } from "./suite.ts";

const rows = 2, count = rows * columns;
const counts = simulatedRows(rows);
const taps = gaussianTaps(3);
const features = new Float32Array(counts.length);
/** An annulus, as a mask that leaves out the direct beam. */
const keep = Uint8Array.from({ length: pixels }, (_, pixel) => {
  const radius = Math.hypot(Math.floor(pixel / side) - (side - 1) / 2, pixel % side - (side - 1) / 2);
  return radius >= 12 && radius <= 90 ? 1 : 0;
});
const kept = keep.reduce((sum, value) => sum + value, 0);
const metrics = { cosine: 0, centered: 1, pearson: 2 } as const;

interface FeatureStep {
  readonly metric: keyof typeof metrics;
  readonly blurred: boolean;
  readonly masked: boolean;
}

/** What a run of the `features` kernel on 16-bit counts takes. */
function featureKernels(engine: Engine, step: FeatureStep) {
  const input = place(engine, counts), output = engine.allocate(2 * counts.byteLength);
  const references = engine.allocate(8 * count);
  const weights = engine.place(taps.weights), radius = step.blurred ? taps.radius : 0;
  const mask = step.masked ? place(engine, Int32Array.from(keep, (value) => -value)) : 0;
  const calls = rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
    "featuresU16",
    ...[input + row * rowBytes, output + 2 * row * rowBytes, references + 8 * columns * row, from, to],
    ...[side, side, metrics[step.metric], weights, radius, mask, step.masked ? kept : pixels, threadScratch],
  ]);
  return { batches: [calls], result: engine.view(Float32Array, output, counts.length) };
}

const blur = new Blur(side, side, taps.weights);
await benchStep({
  name: "blur, sigma 3",
  rawBytes: counts.byteLength,
  tolerance: 1e-6,
  plain() {
    blur.run(counts, features, count);
    return features;
  },
  kernels: (engine) => featureKernels(engine, { metric: "cosine", blurred: true, masked: false }),
});

await benchStep({
  name: "centred features",
  rawBytes: counts.byteLength,
  tolerance: 1e-6,
  plain() {
    centered(counts, features, count, pixels);
    return features;
  },
  kernels: (engine) => featureKernels(engine, { metric: "centered", blurred: false, masked: false }),
});

await benchStep({
  name: "Pearson features in an annulus",
  rawBytes: counts.byteLength,
  tolerance: 1e-6,
  plain() {
    pearson(counts, features, count, pixels, keep);
    return features;
  },
  kernels: (engine) => featureKernels(engine, { metric: "pearson", blurred: false, masked: true }),
});

const cleared = new Uint16Array(counts.length);
await benchStep({
  name: "mask of 16-bit counts",
  rawBytes: counts.byteLength,
  tolerance: 0,
  plain() {
    masked(counts, cleared, count, pixels, keep);
    return cleared;
  },
  kernels(engine) {
    const input = place(engine, counts), output = engine.allocate(counts.byteLength);
    const mask = place(engine, Uint16Array.from(keep, (value) => -value));
    const calls = rowCalls(0, rows, columns, engine.threads, (row, from, to): KernelCall => [
      "maskPatterns",
      ...[input + row * rowBytes, output + row * rowBytes, from, to, 2 * pixels, mask],
    ]);
    return { batches: [calls], result: engine.view(Uint16Array, output, counts.length) };
  },
});
