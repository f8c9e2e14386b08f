/** Where the axes of strain lie, by what the command line says of them. */

import type { Crystal } from "../../library/crystal/crystal.ts";
import { laueGroup } from "../../library/crystal/point_group.ts";
import { crystalAxes } from "../../library/mapping/strain_axes.ts";
import type { ClusterOrientation } from "../../library/mapping/strain_spots.ts";
import type { StrainAxes } from "../../library/parameters/strain_axes.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { formatNumber } from "../console/format_quantity.ts";

/** What turns patterns, or the scan, in reading a file. */
const turning = ["detectorFlip", "detectorTranspose", "swapScanAxes"];

/** The axes where nothing is said of them. */
export const downTheDetector: StrainAxes = { frame: "detector", angle: 0 };

/**
 * Turn of the axes in radians from down the detector towards its right, for all clusters or one for each.
 *
 * @throws {BadParameter} when the turn of the scan is asked for and not known
 */
export function anglesOf(
  axes: StrainAxes,
  { run: { calibration, input } }: Pick<StoredResult, "run">,
  crystals: readonly Crystal[],
  orientations: readonly (ClusterOrientation | undefined)[],
): number | Float64Array {
  const degree = Math.PI / 180;
  switch (axes.frame) {
    case "detector":
      return axes.angle * degree;
    case "crystal": {
      const phases = crystals.map((crystal) => ({ cell: crystal.cell, group: laueGroup(crystal) }));
      return crystalAxes(orientations, phases, axes.direction);
    }
    case "scan": {
      // A file's own angle is that of patterns and lines as they were recorded.
      const turned = turning.some((name) => name in (input.selection ?? {}));
      const known = calibration.scanRotation !== undefined &&
        (!turned || "scanRotation" in (input.selection ?? {}));
      if (known) return calibration.scanRotation! * degree;
      throw new BadParameter("the angle from the detector to the scan is not known", {
        expected: "a scan that was clustered with its rotation",
        ...(turned && { found: "an angle of the file, whose patterns or lines were turned in reading it" }),
        parameter: "axes",
        remedy: "give --axes the angle itself, or cluster with --scan-rotation",
      });
    }
  }
}

/** Where x of the strain lies, for the report. */
export function axesInWords(axes: StrainAxes): string {
  switch (axes.frame) {
    case "detector":
      return axes.angle === 0
        ? "x runs down the detector, y to its right"
        : `x is turned by ${formatNumber(axes.angle)}° from down the detector towards its right`;
    case "scan":
      return "x runs down the scan, y to its right";
    case "crystal":
      return `x lies along [${axes.direction.join(" ")}] of each cluster’s crystal, as it lies in the plane`;
  }
}
