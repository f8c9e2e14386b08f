/** The arrays of a clustering as the table of products names them. */

import type { Clustering } from "../cluster/clustering.ts";
import { bytesPerElement, type PixelArray } from "../scan/dtype.ts";
import { type AxisName, isOpen, knownElements, lengthsOf, type Sizes } from "./axes.ts";
import { type Arrays, type HeldProduct, isHeld, type Product } from "./product.ts";

/** A product and its array. */
export interface HeldArray {
  readonly product: HeldProduct;
  readonly array: PixelArray;
  /** Lengths of the axes, slowest first. */
  readonly lengths: readonly number[];
}

/**
 * All arrays that a clustering holds.
 *
 * @throws {RangeError} when one is of a wrong length, or two disagree about the length of an axis
 */
export function heldArrays(
  clustering: Clustering,
  products: readonly Product[],
  sizes: Sizes = sizesOf(clustering),
): HeldArray[] {
  const open = new Map<AxisName, number>();
  return products.filter(isHeld).flatMap((product) => {
    const array = product.of(clustering);
    if (array === undefined) return [];
    const lengths = lengthsOf(product.name, product.axes, array.length, sizes);
    product.axes.forEach((axis, place) => {
      if (!isOpen(axis)) return;
      const length = open.get(axis) ?? lengths[place];
      if (length !== lengths[place]) {
        throw new RangeError(
          `${product.name} hold ${lengths[place]} along ${axis}, where others hold ${length}`,
        );
      }
      open.set(axis, length);
    });
    return [{ product, array, lengths }];
  });
}

/** Sizes that lengths of axes follow from. */
export function sizesOf({ shape, clusters }: Pick<Clustering, "shape" | "clusters">): Sizes {
  return { shape, clusters: clusters.length };
}

/** Arrays by name. */
export function arraysByName(
  arrays: readonly Pick<HeldArray, "product" | "array">[],
  sizes: Sizes,
): Arrays {
  const byName = new Map(arrays.map(({ product, array }) => [product.name, array]));
  return { ...sizes, array: (name) => byName.get(name) };
}

/** Bytes of all arrays that a clustering leaves, those that come in batches too. */
export function productBytes(clustering: Clustering, products: readonly Product[]): number {
  const sizes = sizesOf(clustering);
  return products.reduce((sum, product) => {
    if (isHeld(product)) return sum + (product.of(clustering)?.byteLength ?? 0);
    if (!product.comesWith(clustering)) return sum;
    return sum + knownElements(product.axes, sizes) * bytesPerElement(product.type);
  }, 0);
}
