/** Colours of clusters as CSS. */

import type { LabelledMap } from "../../labels/labelling.ts";
import { paletteColour } from "../../../library/report/palette.ts";

export function clusterColour({ colours }: LabelledMap, id: number): string {
  const [red, green, blue] = paletteColour(colours[id]);
  return `rgb(${red} ${green} ${blue})`;
}
