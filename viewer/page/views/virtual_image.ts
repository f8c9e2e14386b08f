/** The image of the virtual detector. */

import { formatFixed, formatNumber } from "../../drawing/format.ts";
import { followDetector } from "../looking/detecting.ts";
import { detector, virtualImage } from "../state.ts";
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
  note: () => {
    const { inner = 0, outer } = detector.value;
    const radii = inner > 0 ? `${formatFixed(inner, 1)} to ${formatFixed(outer, 1)}` : formatFixed(outer, 1);
    return `${radii} px${virtualImage.value?.exact ? "" : ", draft"}`;
  },
  follow: followDetector,
});
