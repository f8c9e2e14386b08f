/** Tells clusterings apart: corrections by hand belong to the labels that they were made on. */

import type { Clustering } from "../../../library/cluster/clustering.ts";

/** A hash (32-bit FNV-1a) of shape, labels before any edit, and mask; equal clusterings have equal ones. */
export function fingerprintOf({ shape, labels, edits, mask }: Clustering): string {
  let hash = 0x811c9dc5;
  const take = (value: number) => hash = Math.imul(hash ^ value, 0x01000193);
  take(shape.columns);
  for (const label of edits?.baseLabels ?? labels) take(label);
  for (const inside of mask) take(inside);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
