/** The image of the virtual detector. */

import { formatFixed, formatNumber, formatUnit } from "../../drawing/format.ts";
import { followDetector } from "../looking/detecting.ts";
import { repairNote } from "../looking/bad_pixels.ts";
import { detector, item, running, virtualImage } from "../state.ts";
import { scalarView } from "./scalar_view.ts";

export const virtualView = scalarView({
  name: "virtual",
  label: "Virtual image",
  key: "3",
  group: "clusters",
  needs: ["patterns"],
  values: virtualImage,
  map: "grey",
  unit: "counts",
  format: formatNumber,
  formatEnd: (value) => formatNumber(value, 3),
  // The words are about the image that is shown, whatever the detector has become since.
  note: () => {
    const { of: { inner = 0, outer }, exact, step = everyProbe } = virtualImage.value!;
    const size = item.value?.calibration.qPixelSize;
    const format = (radius: number) => size ? formatFixed(radius * size.row, 3) : formatFixed(radius, 1);
    const radii = inner > 0 ? `${format(inner)} to ${format(outer)}` : format(outer);
    const coarse = step.rows > 1 || step.columns > 1;
    return [
      `${radii} ${size ? formatUnit(size.unit) : "px"}`,
      ...exact ? [] : [coarse ? `coarse: one probe for ${step.rows} × ${step.columns}` : "draft"],
      ...repairNote.value ? [repairNote.value] : [],
      ...virtualImage.value!.of === detector.value ? [] : [updating()],
    ];
  },
  missing: () => running.value ? "The virtual image follows after the run." : "Summing the scan…",
  follow: followDetector,
});

const everyProbe = { rows: 1, columns: 1 };

function updating(): string {
  return running.value ? "detector before; updated after the run" : "updating…";
}
