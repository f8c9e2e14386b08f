/** Steps of the axes of OME-Zarr, where a group lists copies of an image at several scales. */

import { type AxisStep, lastFour, unknownStep } from "../axis_steps.ts";
import { isRecord, type Json } from "../json_object.ts";

/** The first copy, which is the image as it was recorded. */
export interface OmeImage {
  /** Path of its array below the group. */
  readonly path: string;
  /** Steps of its last four axes. */
  readonly steps: readonly AxisStep[];
}

/**
 * What the attributes of a group say, if it is an OME image.
 *
 * @param axes those of the array that are read, by number; default: all
 */
export function omeImage(
  attributes: Json,
  axes?: readonly number[],
): OmeImage | undefined {
  const { multiscales } = isRecord(attributes.ome) ? attributes.ome : attributes;
  const image: unknown = Array.isArray(multiscales) ? multiscales[0] : undefined;
  if (!isRecord(image) || !Array.isArray(image.datasets)) return undefined;
  const [copy]: unknown[] = image.datasets;
  if (!isRecord(copy) || typeof copy.path !== "string") return undefined;
  const all = [copy, image].flatMap(({ coordinateTransformations: list }) => Array.isArray(list) ? list : []);
  const scales = all.filter(isRecord).flatMap(({ type, scale }) =>
    type === "scale" && Array.isArray(scale) ? [scale] : []
  );
  const listed: unknown[] = Array.isArray(image.axes) ? image.axes : [];
  const steps = lastFour(axes ?? listed.map((_, index) => index)).map((index): AxisStep => {
    if (index === undefined) return unknownStep;
    const axis = listed[index],
      factors = scales.map((scale) => Number(scale[scale.length - listed.length + index]));
    return {
      step: factors.length > 0 ? factors.reduce((product, factor) => product * factor, 1) : undefined,
      unit: isRecord(axis) && typeof axis.unit === "string" ? axis.unit : undefined,
      name: isRecord(axis) && typeof axis.name === "string" ? axis.name : undefined,
    };
  });
  return { path: copy.path, steps };
}
