/** Masks of a clustering that lie in files, read once the shape they must have is known. */

import { readNamedMask } from "../formats/mask_file.ts";
import type { MaskInFile, Unread } from "../parameters/schema.ts";
import { readBadPixels, readDetectorMask } from "../passes/detector/mask_files.ts";
import type { ScanShape } from "../scan/shape.ts";
import type { ClusterParameters } from "./parameters.ts";
import type { RealSpaceMask } from "./real_space_mask_kind.ts";

/**
 * The parameters with every mask read.
 *
 * @param qBin detector pixels, per side, that were summed into one
 * @throws {FileUnavailable | UnsupportedFormat | CorruptFile | BadParameter} when a file is not a mask of its shape
 */
export async function readMasks(
  parameters: Unread<ClusterParameters>,
  shape: ScanShape,
  qBin: number | undefined,
): Promise<ClusterParameters> {
  return {
    ...parameters,
    badPixels: await readBadPixels(parameters.badPixels, shape, qBin),
    detectorMask: await readDetectorMask(parameters.detectorMask, shape, "detectorMask"),
    mask: await readRealSpaceMask(parameters.mask, shape),
  };
}

async function readRealSpaceMask(mask: RealSpaceMask | MaskInFile, shape: ScanShape): Promise<RealSpaceMask> {
  if (mask.kind !== "path") return mask;
  const keep = await readNamedMask(
    mask.path,
    shape,
    "mask",
    "none, auto, triangle, virtual, a number or a file",
  );
  return { kind: "pixels", keep, source: mask.path };
}
