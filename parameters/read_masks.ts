/** Masks that lie in files, read once the shape they must have is known. */

import type { BadPixelSource } from "../library/passes/detector/preparation.ts";
import type { ClusterParameters, RealSpaceMask } from "../library/cluster/parameters.ts";
import type { DetectorMask, FixedDetectorMask } from "../library/passes/detector/detector_mask.ts";
import type { ScanShape } from "../library/scan/shape.ts";
import { readMaskFile } from "../library/formats/mask_file.ts";
import { binBadPixels } from "../library/scan/binning.ts";
import type { UnreadParameters } from "./choose_parameters.ts";
import type { MaskInFile } from "./parse_masks.ts";

/**
 * A detector mask with its pixels.
 *
 * @throws {FileUnavailable | UnsupportedFormat | CorruptFile | BadParameter} when the file is not a mask of (Qy, Qx)
 */
export async function readDetectorMask<Mask extends DetectorMask>(
  mask: Mask | MaskInFile,
  shape: ScanShape,
): Promise<Mask | FixedDetectorMask> {
  if (!inFile(mask)) return mask;
  const keep = await readMaskFile(mask.path, shape.patternRows, shape.patternColumns);
  return { kind: "pixels", keep, source: mask.path };
}

/**
 * A real-space mask with its probes.
 *
 * @throws {FileUnavailable | UnsupportedFormat | CorruptFile | BadParameter} when the file is not a mask of (Ry, Rx)
 */
export async function readRealSpaceMask(
  mask: RealSpaceMask | MaskInFile,
  shape: ScanShape,
): Promise<RealSpaceMask> {
  if (mask.kind !== "path") return mask;
  return {
    kind: "pixels",
    keep: await readMaskFile(mask.path, shape.rows, shape.columns),
    source: mask.path,
  };
}

/**
 * Bad detector pixels with their map, which is of the detector before binning.
 *
 * @param shape of the scan after binning
 * @param qBin detector pixels, per side, that were summed into one
 * @throws {FileUnavailable | UnsupportedFormat | CorruptFile | BadParameter} when the file is not a mask of (Qy, Qx)
 */
export async function readBadPixels(
  source: BadPixelSource | MaskInFile,
  shape: ScanShape,
  qBin = 1,
): Promise<BadPixelSource> {
  if (source.kind !== "path") return source;
  const patternRows = shape.patternRows * qBin, patternColumns = shape.patternColumns * qBin;
  const map = await readMaskFile(source.path, patternRows, patternColumns);
  return { kind: "pixels", bad: binBadPixels(map, { patternColumns }, qBin), source: source.path };
}

/** The parameters with every mask read; errors as of the single readers. */
export async function readMasks(
  parameters: UnreadParameters,
  shape: ScanShape,
  qBin: number | undefined,
): Promise<ClusterParameters> {
  return {
    ...parameters,
    badPixels: await readBadPixels(parameters.badPixels, shape, qBin),
    detectorMask: await readDetectorMask(parameters.detectorMask, shape),
    mask: await readRealSpaceMask(parameters.mask, shape),
  };
}

function inFile(mask: DetectorMask | MaskInFile): mask is MaskInFile {
  return mask.kind === "path";
}
