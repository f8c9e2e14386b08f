/**
 * Masks on the command line. A mask that is a file is only named here: its pixels are read once the scan's shape is
 * known (read_masks.ts).
 */

import type { BadPixelSource } from "../library/passes/detector/preparation.ts";
import type { DetectorMask, FixedDetectorMask } from "../library/passes/detector/detector_mask.ts";
import type { RealSpaceMask } from "../library/cluster/parameters.ts";
import { decimalNumber, notUnderstood, parseNumber, parsePair } from "./parse_number.ts";

/** A mask that lies in a file. */
export interface MaskInFile {
  readonly kind: "path";
  readonly path: string;
}

const detectorShapes =
  "none, auto, disk:R, annulus:R1,R2 or outside:R with radii in detector pixels, or a file";
const virtualDetectors = "bf:R or adf:R1,R2 with radii in detector pixels, or a file";

/**
 * Reads `none|auto|disk:R|annulus:R1,R2|outside:R|FILE`.
 *
 * @throws {BadParameter} when a radius is missing, negative or out of order
 */
export function parseDetectorMask(text: string): DetectorMask | MaskInFile {
  const { shape, radii } = splitShape(text);
  switch (shape) {
    case "none":
    case "auto":
      return { kind: shape };
    case "disk":
    case "outside":
      return { kind: shape, radius: radius("--q-mask", text, radii, detectorShapes) };
    case "annulus":
      return { kind: "annulus", ...annulus("--q-mask", text, radii, detectorShapes) };
    default:
      return inFile("--q-mask", text, detectorShapes);
  }
}

/**
 * Reads the detector of a virtual image, `bf:R|adf:R1,R2|FILE`.
 *
 * @throws {BadParameter} when a radius is missing, negative or out of order
 */
export function parseVirtualDetector(text: string): FixedDetectorMask | MaskInFile {
  const { shape, radii } = splitShape(text);
  switch (shape) {
    case "bf":
      return { kind: "disk", radius: radius("--detector", text, radii, virtualDetectors) };
    case "adf":
      return { kind: "annulus", ...annulus("--detector", text, radii, virtualDetectors) };
    default:
      return inFile("--detector", text, virtualDetectors);
  }
}

/**
 * Reads `none|auto|triangle|virtual|NUMBER|FILE`. What reads as a number is one; write `./5` for a file named 5.
 *
 * @throws {BadParameter} when the text is empty
 */
export function parseRealSpaceMask(text: string): RealSpaceMask | MaskInFile {
  const word = text.trim();
  if (word === "none" || word === "auto" || word === "triangle" || word === "virtual") return { kind: word };
  const above = decimalNumber(word);
  if (above !== undefined) return { kind: "number", above };
  return inFile("--mask", text, "none, auto, triangle, virtual, a number or a file");
}

/**
 * Reads `auto|file|none|FILE`. A file with one of these names needs its folder: `./auto`.
 *
 * @throws {BadParameter} when the text is empty
 */
export function parseBadPixels(text: string): BadPixelSource | MaskInFile {
  const word = text.trim();
  if (word === "auto" || word === "file" || word === "none") return { kind: word };
  return inFile("--bad-pixels", text, "auto, file, none or a file");
}

/** `disk:5` is a shape and its radii; `none` and `auto` are shapes; anything else, `C:\mask.npy` too, is a file's name. */
function splitShape(text: string): { shape: string | undefined; radii: string } {
  const match = /^\s*(none|auto|disk|annulus|outside|bf|adf)\s*(?::(.*))?$/.exec(text);
  return { shape: match?.[1], radii: match?.[2] ?? "" };
}

function radius(option: string, text: string, radii: string, expected: string): number {
  if (decimalNumber(radii.trim()) === undefined) throw notUnderstood(option, text, expected);
  return parseNumber(option, radii.trim(), {
    expected: "a radius of at least 0 detector pixels",
    minimum: 0,
  });
}

function annulus(
  option: string,
  text: string,
  radii: string,
  expected: string,
): { inner: number; outer: number } {
  if (radii === "") throw notUnderstood(option, text, expected);
  const [inner, outer] = parsePair(option, radii, "two radii R1,R2 in detector pixels");
  if (!(inner >= 0 && outer >= inner)) throw notUnderstood(option, text, "radii with 0 <= R1 <= R2");
  return { inner, outer };
}

function inFile(option: string, text: string, expected: string): MaskInFile {
  const path = text.trim();
  // "ring:3,5" or "bf:2" given to --q-mask is a mistyped shape rather than a file; one letter may be a Windows drive
  if (path === "" || /^[a-z]{2,}:[\d.,\s-]*$/i.test(path) || path === "bf" || path === "adf") {
    throw notUnderstood(option, text, expected);
  }
  return { kind: "path", path };
}
