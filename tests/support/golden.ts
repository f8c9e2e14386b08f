/** The golden scans and results, and how to compare with them. */

import assert from "node:assert/strict";
import { scanFromArray } from "../../library/scan/scan_from_array.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { type NumpyArray, readNpz } from "./numpy.ts";
import { sharedPath } from "./shared.ts";

/** Names of the golden scans. */
export const goldenNames = ["g1", "g2"] as const;

/** A golden scan with its reference results. */
export interface Golden {
  readonly name: string;
  readonly scan: Scan;
  readonly results: Record<string, NumpyArray>;
  /** Radii of the annular q mask in detector pixels. */
  readonly annulus: { kind: "annulus"; inner: number; outer: number };
}

/** Reads a golden scan; the shared folder must be there. */
export function readGolden(name: string): Golden {
  const { data, shape } = readNpz(sharedPath(`golden/${name}_scan.npz`)!).data;
  const results = readNpz(sharedPath(`golden/${name}_golden.npz`)!);
  const [rows, columns, patternRows, patternColumns] = shape;
  const [inner, outer] = results.annulus.data as Float64Array;
  return {
    name,
    scan: scanFromArray(data as Uint16Array, { rows, columns, patternRows, patternColumns }, { name }),
    results,
    annulus: { kind: "annulus", inner, outer },
  };
}

/** Labels renumbered by first occurrence, -1 kept: equal exactly when the partitions are equal. */
export function canonicalLabels(labels: ArrayLike<number>): number[] {
  const names = new Map<number, number>();
  return Array.from(labels, (label) => {
    if (label < 0) return -1;
    if (!names.has(label)) names.set(label, names.size);
    return names.get(label)!;
  });
}

/** Asserts that two label maps are the same partition. */
export function assertSamePartition(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
): void {
  assert.deepEqual(canonicalLabels(found), canonicalLabels(expected), what);
}

/** Largest absolute difference of two arrays; missing values (NaN, or -1 where `missing` says so) must coincide. */
export function largestDifference(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  missing = NaN,
): number {
  assert.equal(found.length, expected.length);
  let largest = 0;
  for (let i = 0; i < found.length; i++) {
    if (Object.is(expected[i], missing) || Number.isNaN(expected[i])) {
      assert.ok(Number.isNaN(found[i]), `value ${i} should be missing, but is ${found[i]}`);
    } else largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    assert.ok(!Number.isNaN(largest), `value ${i} is NaN, expected ${expected[i]}`);
  }
  return largest;
}
