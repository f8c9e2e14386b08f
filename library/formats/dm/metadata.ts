/** What a DigitalMicrograph file says about lengths, angles and the microscope. */

import type { ByteSource } from "../../scan/byte_source.ts";
import type { Calibration } from "../../scan/calibration.ts";
import type { ScanSource } from "../../scan/scan.ts";
import { pixelSizeOf, positive } from "../axis_steps.ts";
import { type AxisOrder, type OrderTags, spaceOf } from "./axis_order.ts";
import type { DmAxis, DmImage } from "./images.ts";
import { type TagFile, textOf } from "./tag_tree.ts";

/** The axes of an image by what they are; those of the scan only where it has two. */
export interface NamedAxes {
  readonly qx: DmAxis;
  readonly qy: DmAxis;
  readonly column?: DmAxis;
  readonly row?: DmAxis;
}

/** Names the axes of an image with three to five. */
export function nameAxes(axes: readonly DmAxis[], order: AxisOrder): NamedAxes {
  const scan = order === "whole" ? axes.slice(2, 4) : axes.slice(0, axes.length - 2);
  const [qx, qy] = order === "whole" ? axes : axes.slice(-2);
  return axes.length > 3 ? { qx, qy, column: scan[0], row: scan[1] } : { qx, qy };
}

/** What the file says about the order of axes. */
export function orderTagsOf(source: ByteSource, file: TagFile, { tags }: DmImage): OrderTags {
  const swapped = tags.at("Meta Data", "Data Order Swapped");
  return {
    swapped: typeof swapped === "boolean" ? swapped : typeof swapped === "number" ? swapped !== 0 : undefined,
    format: textOf(source, file, tags.at("Meta Data", "Format")),
  };
}

/**
 * Steps of the axes, where they are in units of what the axis should be, and energy of the beam.
 *
 * @param warnings gets a sentence where a unit was not understood
 */
export function calibrationOf(
  { tags }: DmImage,
  { qx, qy, column, row }: NamedAxes,
  warnings: string[],
): Calibration {
  const pixelSize = column && row && spaceOf(row) !== "reciprocal"
    ? pixelSizeOf(row, column, warnings)
    : undefined;
  const qPixelSize = spaceOf(qy) !== "real" ? pixelSizeOf(qy, qx, warnings) : undefined;
  const volts = positive(tags.number("Microscope Info", "Voltage"));
  const angle = "Convergence semi-angle (mrad)";
  const convergenceAngle = positive(
    tags.number("EELS", "Acquisition", angle) ?? tags.number("EELS", "Experimental Conditions", angle) ??
      tags.number("EELS", angle),
  );
  return {
    ...(pixelSize && { pixelSize }),
    ...(qPixelSize && { qPixelSize }),
    ...(volts && { beamEnergy: volts / 1000 }),
    ...(convergenceAngle && { convergenceAngle }),
  };
}

/** The camera length is in what unit the microscope tells it in, some in mm and some in cm: a note, no calibration. */
export function notesOf(source: ByteSource, file: TagFile, { tags }: DmImage): ScanSource["notes"] {
  const format = textOf(source, file, tags.at("Meta Data", "Format"));
  const cameraLength = positive(tags.number("Microscope Info", "STEM Camera Length"));
  const magnification = positive(tags.number("Microscope Info", "Indicated Magnification"));
  const exposure = positive(
    tags.number("DataBar", "Exposure Time (s)") ??
      tags.number("Acquisition", "Parameters", "High Level", "Exposure (s)"),
  );
  const pixelTime = positive(tags.number("SI", "Acquisition", "Pixel time (s)"));
  const sampleTime = positive(tags.number("DigiScan", "Sample Time")),
    dwellTime = pixelTime ??
      (sampleTime && sampleTime / 1e6);
  const microscope = textOf(source, file, tags.at("Microscope Info", "Name"));
  return {
    ...(format && { contents: format }),
    ...(microscope && { microscope }),
    ...(cameraLength && { cameraLengthAsStored: cameraLength }),
    ...(magnification && { magnification }),
    ...(exposure && { exposureSeconds: exposure }),
    ...(dwellTime && { dwellTimeSeconds: dwellTime }),
  };
}
