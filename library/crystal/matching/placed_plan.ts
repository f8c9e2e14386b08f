/** A plan in the memory of an engine. */

import { type Address, at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { fineMore } from "./angle_pairs.ts";
import type { OrientationPlan } from "./plan.ts";
import {
  candidates,
  layOut,
  type PlanTables,
  planTables,
  refinementRounds,
  shownReflections,
} from "./plan_tables.ts";

/** Where places of arrays in the scratch memory are among the int32 fields at the start of the table. */
const roomFields = 40;
/** Leading zones that are followed, and numbers of a reflection that refinement keeps (assembly/climb.ts). */
const leading = 8, litNumbers = 8;
/** Parts of the detector that peaks are sorted into (assembly/light.ts). */
const peakBuckets = 64;

/** A plan where kernels find it. */
export class PlacedPlan {
  /** The table that kernels take. */
  readonly address: Address;
  readonly #tables: PlanTables;

  /**
   * Copies the plan's tables into the engine's memory.
   *
   * @throws {OutOfResources} when they do not fit
   */
  constructor(readonly engine: Engine, readonly plan: OrientationPlan) {
    this.#tables = planTables(plan);
    this.address = engine.place(this.#tables.bytes);
  }

  /**
   * Says where in the scratch memory of threads things are for patterns of up to `mostPeaks` peaks.
   *
   * @returns bytes of scratch memory that a thread needs
   */
  prepare(mostPeaks: number): number {
    const { bytes, offsets } = layOut(scratchRooms(this.plan, this.#tables, mostPeaks), 0);
    this.engine.view(Int32Array, at(this.address, 4 * roomFields), offsets.length).set(offsets);
    return bytes;
  }
}

/** Sizes in bytes of the arrays in the scratch memory. */
function scratchRooms(
  plan: OrientationPlan,
  { imageBytes, variants }: PlanTables,
  mostPeaks: number,
): number[] {
  const { zones, shells, group: { rotations }, options: { inPlaneSteps: steps } } = plan;
  const image = 8 * shells.length * steps, reflections = shownReflections(plan).length;
  return [
    ...[image, image, image, image, image, 4 * steps],
    ...[
      8 * zones.length,
      8 * zones.length,
      176 * (candidates + variants),
      80 * candidates * rotations.length,
    ],
    ...[32 * mostPeaks, 8 * refinementRounds.length, 40 * reflections, 24 * reflections],
    ...[imageBytes, 16 * leading, 4 * shells.length * (2 * steps + fineMore)],
    ...[8 * zones.length + 16, 8 * zones.length, 8 * litNumbers * reflections],
    ...[8 * (reflections + 4), 4 * (reflections + 4), 4 * peakBuckets],
  ];
}
