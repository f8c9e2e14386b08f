/** Masks of the detector that lie in files, read once the shape they must have is known. */

import { readNamedMask } from "../../formats/mask_file.ts";
import type { MaskInFile } from "../../parameters/schema.ts";
import { binBadPixels } from "../../scan/binning.ts";
import type { ScanShape } from "../../scan/shape.ts";
import type { DetectorMask, FixedDetectorMask } from "./detector_mask.ts";
import type { BadPixelSource } from "./preparation.ts";

/** What a mask that is no file may be. */
const detectorWords = "none, auto, disk:R, annulus:R1,R2, outside:R or a file";

/**
 * A detector mask with its pixels.
 *
 * @param parameter what it is for: what is compared, or a virtual detector
 * @throws {FileUnavailable | UnsupportedFormat | CorruptFile | BadParameter} when the file is not a mask of (Qy, Qx)
 */
export async function readDetectorMask<Mask extends DetectorMask>(
  mask: Mask | MaskInFile,
  shape: ScanShape,
  parameter: "detectorMask" | "detector",
): Promise<Mask | FixedDetectorMask> {
  if (!inFile(mask)) return mask;
  const words = parameter === "detector" ? "bf:R, adf:R1,R2 or a file" : detectorWords;
  const sizes = { rows: shape.patternRows, columns: shape.patternColumns };
  const keep = await readNamedMask(mask.path, sizes, parameter, words);
  return { kind: "pixels", keep, source: mask.path };
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
  const sizes = { rows: patternRows, columns: patternColumns };
  const map = await readNamedMask(source.path, sizes, "badPixels", "auto, file, none or a file");
  return { kind: "pixels", bad: binBadPixels(map, { patternColumns }, qBin), source: source.path };
}

function inFile(mask: DetectorMask | MaskInFile): mask is MaskInFile {
  return mask.kind === "path";
}
