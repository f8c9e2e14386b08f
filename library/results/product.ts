/**
 * What a product is: an array that an analysis leaves. One entry of a table says all that files, checks, estimates,
 * reading back and documentation need of it; the table is in products.ts.
 */

import type { Cluster } from "../cluster/cluster.ts";
import type { Clustering, ClusteringEdits } from "../cluster/clustering.ts";
import type { EditLog } from "../cluster/editing/log.ts";
import type { DType, PixelArray } from "../scan/dtype.ts";
import type { AxisName, Sizes } from "./axes.ts";
import type { RunRecord } from "./run_record.ts";

/** The typed array of each number type. */
export interface ArrayTypes {
  /** Bytes. */
  readonly u8: Uint8Array;
  /** 16-bit counts. */
  readonly u16: Uint16Array;
  /** 32-bit counts. */
  readonly u32: Uint32Array;
  /** 16-bit integers. */
  readonly i16: Int16Array;
  /** 32-bit integers. */
  readonly i32: Int32Array;
  /** Single precision. */
  readonly f32: Float32Array;
  /** Double precision. */
  readonly f64: Float64Array;
}

/** What is known of an array before there is one. */
export interface ProductFacts<Type extends DType = DType> {
  /** Name of the node in `clusters.h5`, and of the file but for `.npy`. */
  readonly name: string;
  /** Number type of the values. */
  readonly type: Type;
  /** Slowest first. */
  readonly axes: readonly AxisName[];
  /** Unit of the values; empty where they have none. */
  readonly unit: string;
  /** Whether the array is another one once the labels were edited. */
  readonly followsLabels: boolean;
  /** What it is, in a line of documentation. */
  readonly about: string;
  /** When it is there, in words; `always` makes it something that a result must have. */
  readonly when: string;
}

/** An array that a clustering holds. */
export interface HeldProduct<Type extends DType = DType> extends ProductFacts<Type> {
  /** The array, row-major; `undefined` where the clustering has none. */
  of(clustering: Clustering): ArrayTypes[Type] | undefined;
  /** Looks through the values when they are written and when they are read; length and axes are checked before. */
  flaw?(array: ArrayTypes[Type], arrays: Arrays): Flaw | undefined;
  /** What a clustering gets from an array that was read; see {@link Reading}. */
  put(array: ArrayTypes[Type], reading: Reading): Partial<Restored>;
}

/** An array that need not fit in memory: it comes in batches along its first axis, and stays on disk. */
export interface StreamedProduct<Type extends DType = DType> extends ProductFacts<Type> {
  /** Whether a result of this clustering has it. */
  comesWith(clustering: Pick<Clustering, "parameters">): boolean;
}

/** An array that an analysis leaves. */
export type Product = HeldProduct | StreamedProduct;

/** The arrays of a result, to look at one beside the others. */
export interface Arrays extends Sizes {
  /** The array of that name; `undefined` where there is none. */
  array(name: string): PixelArray | undefined;
}

/** Why an array cannot be. */
export interface Flaw {
  /** What is wrong, as a sentence without a final period. */
  readonly what: string;
  /** What would be right. */
  readonly expected: string;
  /** What is there instead. */
  readonly found: string;
}

/** What is put back from arrays and tables: {@link Clustering} without what the run record alone says. */
export interface Restored extends
  Pick<
    Clustering,
    "shape" | "labels" | "similarity" | "meanSimilarity" | "mask" | "darkField" | "regions" | "forest"
  > {
  /** In the order of their ids. */
  readonly clusters: readonly Cluster[];
  /** Corrections by hand, where there were any: `labels` and `clusters` have them. */
  readonly edits?: ClusteringEdits;
}

/** What is known while the arrays of a result are put back, in the order of the table. */
export interface Reading extends Arrays {
  /** Where the result came from. */
  readonly run: RunRecord;
  /** The log of the edits, where there were any. */
  readonly log?: EditLog;
  /** What was put back so far. */
  readonly restored: Partial<Restored>;
  /**
   * An array that another one means nothing without.
   *
   * @throws {CorruptFile} when the result has none of that name
   */
  demand<Type extends DType>(name: string, type: Type): ArrayTypes[Type];
}

/** An entry of the table, with the types of its array inferred. */
export function held<const Type extends DType>(entry: HeldProduct<Type>): HeldProduct<Type> {
  return entry;
}

/** Whether the array is held by the clustering; the others come in batches. */
export function isHeld(product: Product): product is HeldProduct {
  return "of" in product;
}

/** Name of the file in a result directory. */
export function fileOf({ name }: Pick<ProductFacts, "name">): string {
  return `${name}.npy`;
}
