/** A view as SVG: loaded by the first who wants one. */

import { formatNumber } from "../drawing/format.ts";
import type { FigureLegend } from "../drawing/figure/figure_legend.ts";
import type { Picture } from "../drawing/map_scene.ts";
import { SvgInk } from "../drawing/svg/svg_ink.ts";
import { drawView } from "../drawing/view_drawing.ts";
import { numberPlaces } from "../labels/number_places.ts";
import { orientationMaps } from "./crystal/crystal_maps.ts";
import { paperLegend } from "./figure/map_legend.ts";
import { drawnPicture } from "./pictures/picture_address.ts";
import type { ShownPicture } from "./pictures/shown_pictures.ts";
import { item, labelled, theme } from "./state.ts";
import { realView } from "./views/real_views.ts";

/**
 * A picture as it is on the screen, what lies on it as lines and words, and what its colours mean below it.
 *
 * @param id of its canvas
 * @param title what it is called
 */
export async function viewSvg(
  id: string,
  title: string,
  shown: ShownPicture,
  picture: Picture,
): Promise<string | null> {
  const viewport = shown.viewport(), opened = item.peek(), colours = theme.peek();
  if (!viewport || !opened) return null;
  const ink = new SvgInk(), labels = labelled.peek(), onMap = id === "map";
  shown.drawOver(ink, viewport);
  const numbered = onMap && labels && "labels" in picture && picture.labels === labels.labels;
  return drawView({
    ...{ title, viewport, picture, theme: colours, over: ink.toMarkup() },
    drawn: await drawnPicture(picture, colours),
    numbers: numbered
      ? numberPlaces(labels.labels, picture.columns, labels.clusters.length)
        .map((place, id) => ({ text: String(id), ...place }))
      : [],
    legend: onMap
      ? await paperLegend(realView.peek().legend.peek(), picture, opened, orientationMaps.peek(), colours)
      : patternLegend(picture),
  });
}

/** The colour bar of a pattern. */
function patternLegend(picture: Picture): FigureLegend | null {
  if (picture.kind !== "scalar") return null;
  const { range: { low, high }, scale, map } = picture;
  return {
    ...{ kind: "bar", map, low: formatNumber(low, 3), high: `${formatNumber(high, 3)} counts` },
    name: `${scale} scale`,
  };
}
