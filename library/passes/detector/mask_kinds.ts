/** Masks of detector pixels as words, as texts, and as choices of a form. */

import type { Alternative } from "../../parameters/form_field.ts";
import { parseMaskFile, writeMaskFile } from "../../parameters/mask_file.ts";
import { decimalNumber, notUnderstood } from "../../parameters/number.ts";
import type { Kind, MaskInFile, NumberStyle } from "../../parameters/schema.ts";
import { demand } from "../../scan/demand.ts";
import type { DetectorMask, FixedDetectorMask } from "./detector_mask.ts";

const detectorShapes =
  "none, auto, disk:R, annulus:R1,R2 or outside:R with radii in detector pixels, or a file";
const virtualDetectors = "bf:R or adf:R1,R2 with radii in detector pixels, or a file";

/** `none|auto|disk:R|annulus:R1,R2|outside:R|FILE`. */
export const detectorMaskKind: Kind<DetectorMask | MaskInFile> = {
  placeholder: "MASK",
  parse: parseDetectorMask,
  write: (mask) => {
    switch (mask.kind) {
      case "disk":
      case "outside":
        return `${mask.kind}:${mask.radius}`;
      case "annulus":
        return `annulus:${mask.inner},${mask.outer}`;
      case "pixels":
        return writeMaskFile(mask.source, (text) => parseDetectorMask(text));
      case "path":
        return mask.path;
      default:
        return mask.kind;
    }
  },
  check: (mask, name) => {
    if (mask.kind === "disk" || mask.kind === "outside") {
      const { radius } = mask;
      demand(radius >= 0 && radius < Infinity, name, "a finite radius of at least 0", radius);
    }
    if (mask.kind === "annulus") {
      const { inner, outer } = mask;
      const fits = inner >= 0 && outer >= inner && outer < Infinity;
      demand(fits, name, "finite radii 0 <= R1 <= R2", `${inner},${outer}`);
    }
  },
};

/** The same as choices of a form. */
export const detectorMaskChoices: readonly Alternative[] = [
  { id: "none", label: "Everything" },
  { id: "auto", label: "Without the beam" },
  { id: "disk", label: "Disk", prefix: "disk:", numbers: ["Radius in pixels"], first: "disk:30" },
  {
    ...{ id: "annulus", label: "Ring", prefix: "annulus:", first: "annulus:6,30" },
    numbers: ["Inner radius in pixels", "Outer radius in pixels"],
  },
  {
    ...{ id: "outside", label: "Outside a disk", prefix: "outside:", first: "outside:6" },
    numbers: ["Radius in pixels"],
  },
  { id: "path", label: "From file", file: "File of the q mask", first: "./mask.npy" },
];

function parseDetectorMask(text: string, flag = "--q-mask"): DetectorMask | MaskInFile {
  const { shape, radii } = splitShape(text);
  if (shape && radii === "" && shape !== "none" && shape !== "auto") {
    throw notUnderstood(flag, text, detectorShapes);
  }
  switch (shape) {
    case "none":
    case "auto":
      return { kind: shape };
    case "disk":
    case "outside":
      return { kind: shape, radius: radius(flag, text, shape, radii) };
    case "annulus":
      return { kind: "annulus", ...annulus(flag, text, shape, radii) };
    default:
      return parseMaskFile(flag, text, detectorShapes);
  }
}

/**
 * Reads the detector of a virtual image, `bf:R|adf:R1,R2|FILE`.
 *
 * @throws {BadParameter} when a radius is missing, negative or out of order
 */
export function parseVirtualDetector(text: string): FixedDetectorMask | MaskInFile {
  const { shape, radii } = splitShape(text);
  if ((shape === "bf" || shape === "adf") && radii === "") {
    throw notUnderstood("--detector", text, virtualDetectors);
  }
  switch (shape) {
    case "bf":
      return { kind: "disk", radius: radius("--detector", text, shape, radii) };
    case "adf":
      return { kind: "annulus", ...annulus("--detector", text, shape, radii) };
    default:
      return parseMaskFile("--detector", text, virtualDetectors);
  }
}

/** The mask in the words of the field. */
export function describeDetectorMask(mask: FixedDetectorMask, { number }: NumberStyle): string {
  switch (mask.kind) {
    case "none":
      return "none";
    case "disk":
      return `r ≤ ${number(mask.radius)} px`;
    case "annulus":
      return `${number(mask.inner)} px ≤ r ≤ ${number(mask.outer)} px`;
    case "outside":
      return `r > ${number(mask.radius)} px`;
    case "pixels":
      return `from ${mask.source}`;
  }
}

/** `disk:5` is a shape and its radii; `none` and `auto` are shapes; anything else, `C:\mask.npy` too, is a file's name. */
function splitShape(text: string): { shape: string | undefined; radii: string } {
  const match = /^\s*(none|auto|disk|annulus|outside|bf|adf)\s*(?::(.*))?$/.exec(text);
  return { shape: match?.[1], radii: match?.[2] ?? "" };
}

function radius(option: string, text: string, shape: string, radii: string): number {
  const value = decimalNumber(radii.trim());
  if (value !== undefined && value >= 0) return value;
  throw notUnderstood(option, text, `${shape}:R with a radius R of at least 0 detector pixels`);
}

function annulus(
  option: string,
  text: string,
  shape: string,
  radii: string,
): { inner: number; outer: number } {
  const numbers = radii.split(",").map((part) => decimalNumber(part.trim())), [inner, outer] = numbers;
  if (numbers.length !== 2 || inner === undefined || outer === undefined) {
    throw notUnderstood(option, text, `${shape}:R1,R2 with two radii in detector pixels`);
  }
  if (!(inner >= 0 && outer >= inner)) throw notUnderstood(option, text, `${shape}:R1,R2 with 0 <= R1 <= R2`);
  return { inner, outer };
}
