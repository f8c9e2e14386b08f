/** Warnings about real-space masks. */

import assert from "node:assert/strict";
import { clusterScan, paperPreset, simulateScan } from "crystallite";
import { maskWarnings } from "../../../library/cluster/mask_warnings.ts";

const maskWith = (left: number) => Uint8Array.from({ length: 100 }, (_, probe) => probe < left ? 0 : 1);

Deno.test("a mask by similarity that leaves out a tenth of the probes says so, and how to mend it", () => {
  for (const kind of ["triangle", "number"] as const) {
    const rule = kind === "number" ? { kind, above: 0.5 } as const : { kind } as const;
    assert.deepEqual(maskWarnings(rule, maskWith(9)), []);
    const [warning, ...others] = maskWarnings(rule, maskWith(10));
    assert.match(warning, /leaves out 10 % of the probes.*--mask none.*--mask auto/);
    assert.deepEqual(others, []);
    // Of an empty mask more is said elsewhere.
    assert.deepEqual(maskWarnings(rule, maskWith(100)), []);
  }
});

Deno.test("a mask that a user drew, or none, is left alone", () => {
  const keep = maskWith(60);
  assert.deepEqual(maskWarnings({ kind: "none" }, maskWith(0)), []);
  assert.deepEqual(maskWarnings({ kind: "pixels", keep, source: "mine" }, keep), []);
});

Deno.test("the paper's settings on particles warn of what their mask leaves out", async () => {
  const scan = simulateScan({ rows: 24, columns: 24, layout: "particles", grains: 6, dose: 1000, seed: 4 });
  const { warnings, mask } = await clusterScan(scan, paperPreset);
  const left = mask.filter((inside) => !inside).length / mask.length;
  assert.ok(left > 0.1 && left < 1);
  assert.equal(warnings.filter((text) => /The mask leaves out/.test(text)).length, 1);
});
