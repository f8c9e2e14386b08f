/** The arrays of a result directory, read back and put where they came from, as the table of products says. */

import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import type { EditLog } from "../cluster/editing/log.ts";
import { dtypeName, dtypeOf, type PixelArray } from "../scan/dtype.ts";
import { CorruptFile } from "../scan/errors.ts";
import { type AxisName, knownLength, type Sizes } from "./axes.ts";
import {
  type ArrayTypes,
  fileOf,
  type HeldProduct,
  isHeld,
  type Product,
  type ProductFacts,
  type Reading,
  type Restored,
} from "./product.ts";
import type { RunRecord, StoredFile } from "./run_record.ts";
import { readStoredArray, storedShape } from "./stored_array.ts";

/**
 * Reads the arrays that a result must have, and those that it lists.
 *
 * @throws {FileUnavailable} when a file is missing
 * @throws {CorruptFile} when it holds an array of another type or shape
 */
export function readArrays(
  directory: string,
  files: readonly StoredFile[],
  table: readonly Product[],
  sizes: Sizes,
): Map<string, PixelArray> {
  const listed = new Set(files.map(({ name }) => name));
  const open = new Map<AxisName, number>();
  const wanted = table.filter(isHeld).filter((product) =>
    product.when === "always" || listed.has(fileOf(product))
  );
  return new Map(wanted.map((product) => {
    const path = join(directory, fileOf(product));
    return [product.name, readStoredArray(path, product.type, expectedLengths(path, product, sizes, open))];
  }));
}

/** Lengths of the axes; the first array along one that is known from nowhere else says how long it is. */
function expectedLengths(
  path: string,
  { axes }: ProductFacts,
  sizes: Sizes,
  open: Map<AxisName, number>,
): number[] {
  return axes.map((axis, place) => {
    const known = knownLength(axis, sizes) ?? open.get(axis);
    if (known !== undefined) return known;
    const length = storedShape(path)[place] ?? 0;
    open.set(axis, length);
    return length;
  });
}

/** What is known of a result beside its arrays. */
export interface Tables {
  readonly run: RunRecord;
  readonly log?: EditLog;
  readonly clusters: readonly Cluster[];
}

/**
 * Looks through the arrays, and puts them back in the order of the table.
 *
 * @throws {CorruptFile} when the values of one cannot be, or one is missing without which another means nothing
 */
export function putBack(
  directory: string,
  arrays: ReadonlyMap<string, PixelArray>,
  table: readonly Product[],
  { run, log, clusters }: Tables,
): Restored {
  const known = {
    shape: run.shape,
    clusters: run.clusters,
    array: (name: string) => arrays.get(name),
    ...{ run, log },
    demand: <Type extends keyof ArrayTypes>(name: string, type: Type) =>
      demandArray(directory, arrays, name, type),
  };
  const found = table.filter(isHeld).flatMap((product): [HeldProduct, PixelArray][] => {
    const array = arrays.get(product.name);
    return array ? [[product, array]] : [];
  });
  for (const [product, array] of found) {
    const flaw = product.flaw?.(array, known);
    if (flaw) throw unsound(join(directory, fileOf(product)), flaw.what, flaw.expected, flaw.found);
  }
  const restored = found.reduce(
    (restored: Partial<Restored>, [product, array]) => ({
      ...restored,
      ...product.put(array, { ...known, restored } satisfies Reading),
    }),
    { shape: run.shape, clusters },
  );
  const { shape, labels, similarity, meanSimilarity, mask } = restored;
  if (!(shape && labels && similarity && meanSimilarity && mask)) {
    throw new TypeError("the table of products does not say how to put a clustering back");
  }
  return { ...restored, shape, labels, similarity, meanSimilarity, mask, clusters };
}

function demandArray<Type extends keyof ArrayTypes>(
  directory: string,
  arrays: ReadonlyMap<string, PixelArray>,
  name: string,
  type: Type,
): ArrayTypes[Type] {
  const array = arrays.get(name), file = join(directory, fileOf({ name }));
  if (array === undefined) {
    throw unsound(
      file,
      "other arrays of the result mean nothing without it",
      dtypeName(type),
      "no such file",
    );
  }
  if (dtypeOf(array) !== type) throw new TypeError(`${name} is not ${dtypeName(type)}`);
  return array as ArrayTypes[Type];
}

function unsound(file: string, what: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`${file} does not belong to its result: ${what}`, {
    file,
    expected,
    found,
    remedy: "run the clustering again",
  });
}
