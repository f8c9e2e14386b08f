/** What explains the colours of a map in a drawing: what the page says of them, in colours that can be drawn. */

import type { FigureLegend } from "../../drawing/figure/figure_legend.ts";
import { mapColours, type Picture, probeState, type Theme } from "../../drawing/map_scene.ts";
import { formatHexColour } from "../../../library/report/image.ts";
import { type ColourKey, fetchKeys } from "../crystal/colour_keys.ts";
import type { OrientationMaps } from "../crystal/crystal_maps.ts";
import { pngAddress } from "../pictures/picture_address.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import type { Legend } from "../views/view.ts";

/**
 * The legend of a map in the colours of a theme.
 *
 * @param maps of the orientations, which keys are of
 */
export async function paperLegend(
  legend: Legend | null,
  picture: Picture,
  opened: OpenedItem,
  maps: OrientationMaps | null,
  theme: Theme = "light",
): Promise<FigureLegend | null> {
  switch (legend?.kind) {
    case "values":
      return {
        kind: "bar",
        map: legend.map,
        low: legend.low,
        high: legend.high,
        name: legend.note?.join(", "),
      };
    case "directions": {
      const keys = maps ? await fetchKeys(maps, opened, theme) : [];
      return { kind: "keys", keys: await Promise.all(keys.map(drawnKey)), note: legend.note };
    }
    default: {
      const named = legend?.categories ?? [];
      // The page's own colours of what is in no cluster are none of paper.
      const categories = named.flatMap(({ colour, name }) => {
        const channels = /^rgb\((\d+) (\d+) (\d+)\)$/.exec(colour)?.slice(1).map(Number);
        if (channels) return [{ colour: formatHexColour([channels[0], channels[1], channels[2]]), name }];
        return /^#[0-9a-f]{6}$/.test(colour) ? [{ colour, name }] : [];
      });
      const entries = [...categories, ...unassigned(picture, theme)];
      return entries.length > 0 ? { kind: "swatches", entries } : null;
    }
  }
}

/** What is in no cluster, as far as there is such a thing in the picture. */
function unassigned(
  picture: Picture,
  theme: Theme,
): { readonly colour: string; readonly name: string }[] {
  const { inMask, outOfMask, noCluster, outsideMask } = mapColours[theme];
  if (picture.kind === "scalar") return [];
  if (picture.kind === "mask") {
    return [
      { colour: formatHexColour(inMask), name: "in the mask" },
      { colour: formatHexColour(outOfMask), name: "outside the mask" },
    ];
  }
  const states = new Set<number>(), { labels, mask } = picture;
  for (let probe = 0; probe < labels.length; probe++) if (labels[probe] < 0) states.add(mask[probe]);
  return [
    ...states.has(probeState.inMask) || states.has(probeState.excluded)
      ? [{ colour: formatHexColour(noCluster), name: "in no cluster" }]
      : [],
    ...states.has(probeState.outOfMask)
      ? [{ colour: formatHexColour(outsideMask), name: "outside the mask" }]
      : [],
  ];
}

async function drawnKey({ width, height, pixels, names, laueClass }: ColourKey) {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    data.set(pixels.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
  }
  return {
    href: await pngAddress({ width, height, data }),
    ...{ width, height },
    name: `${names.join(", ")}: ${laueClass}`,
  };
}
