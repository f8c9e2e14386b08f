/** Patterns as the prefilter correlates them, from blurred samples at few nodes, and those samples (spec stage 2). */

import { type Address, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { Scan } from "../../scan/scan.ts";
import {
  nodeFeatureCount,
  nodeSampleCount,
  nodeScratchBytes,
  nodeTableBytes,
  nodeTables,
  weightSquares,
} from "./nodes/node_tables.ts";
import type { PatternNodes } from "./nodes/pattern_nodes.ts";
import type { Weighing } from "./weighted_rows.ts";

/** Where the samples of patterns go. */
export interface SampleTarget {
  /** Of the first pattern. */
  readonly samples: Address;
  /** float64, one a pattern; written where patterns are centred. */
  readonly references: Address;
  /** Whether each pattern's mean is subtracted. */
  readonly centered: boolean;
}

/** How patterns are weighed at nodes, decided once. */
export class NodeRows implements Weighing {
  /** Floats of a weighted pattern. */
  readonly length: number;
  /** Floats of a pattern's samples: blurred values at the uniform nodes, whose inner products stand for those of all pixels. */
  readonly samples: number;
  #tables = nowhere;
  #weightSquares = 0;

  constructor(readonly scan: Pick<Scan, "shape" | "dtype">, readonly nodes: PatternNodes) {
    this.length = nodeFeatureCount(nodes);
    this.samples = nodeSampleCount(nodes);
  }

  reserve(memory: Memory): void {
    const { nodes } = this;
    memory.scratch(nodeScratchBytes(nodes));
    this.#tables = memory.table("tables of the prefilter's nodes", nodeTableBytes(nodes), () => {
      this.#weightSquares = weightSquares(nodes);
      return nodeTables(nodes);
    });
  }

  /** @param target where samples go too */
  call(source: Address, destination: Address, count: number, target?: SampleTarget): KernelCall {
    const { patternRows, patternColumns } = this.scan.shape, { rows, columns } = this.nodes;
    return [
      `nodes${workingType(this.scan.dtype)}`,
      source,
      count,
      patternRows,
      patternColumns,
      this.#tables,
      this.#weightSquares,
      rows.spacing * columns.spacing,
      target?.centered ? 1 : 0,
      target?.samples ?? nowhere,
      target?.references ?? nowhere,
      destination,
      threadScratch,
    ];
  }
}
