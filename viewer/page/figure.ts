/** What the figure for a publication shows: the map as it is coloured, and the averages of the selected clusters. */

import { type FigurePicture, figureSvg } from "../drawing/figure.ts";
import { paintPicture } from "../drawing/flat_pixels.ts";
import { formatCount, formatNumber } from "../drawing/format.ts";
import type { Picture } from "../drawing/map_scene.ts";
import { patternRange } from "../drawing/pattern_scale.ts";
import { numberPlaces } from "../labels/number_places.ts";
import { say } from "./editing/history.ts";
import { complain } from "./errors.ts";
import { offerDownload } from "./exporting.ts";
import { plainName } from "./leaving_view.ts";
import { fetchAverages } from "./looking/averages.ts";
import { probesOf } from "./looking/clusters.ts";
import { selectedIds } from "./looking/selection.ts";
import { pictureOf } from "./pictures/shown_pictures.ts";
import {
  brightest,
  item,
  labelled,
  minimumSize,
  patternColours,
  patternScale,
  source,
  threshold,
} from "./state.ts";
import { formatThreshold } from "./looking/thresholds.ts";
import { realView } from "./views/real_views.ts";

/** Patterns of a figure at most; without a selection, the largest clusters fill this many places. */
const mostPatterns = 8, usualPatterns = 4;

/** Clusters whose averages are in the figure. */
export function figuredClusters(): readonly number[] {
  const shown = labelled.value, chosen = selectedIds.value.slice(0, mostPatterns);
  if (!shown || chosen.length > 0) return chosen;
  const bySize = Array.from(shown.sizes.keys()).sort((one, other) => shown.sizes[other] - shown.sizes[one]);
  return bySize.slice(0, usualPatterns);
}

/** Hands the figure to the browser's downloads. */
export async function downloadFigure(): Promise<void> {
  const opened = item.peek(), shown = labelled.peek(), picture = pictureOf("map")?.picture();
  if (!opened || !shown || !picture) return say("There is no map yet");
  try {
    const ids = figuredClusters(), { shape, calibration, scan, name, clustering } = opened;
    const averages = scan.readable ? await averagesOf(ids) : [];
    const ranges = averages.map((values) => patternRange(values, brightest.peek()));
    const range = {
      low: Math.min(...ranges.map(({ low }) => low)),
      high: Math.max(...ranges.map(({ high }) => high)),
    };
    const colours = { range, scale: patternScale.peek(), map: patternColours.peek() };
    const patterns = await Promise.all(averages.map(async (values, place) => {
      const { patternRows: rows, patternColumns: columns } = shape;
      const drawn = await hrefOf({ ...{ rows, columns }, kind: "scalar", values, ...colours });
      return {
        ...drawn,
        pixelSize: calibration.qPixelSize,
        title: `Cluster ${ids[place]}, n = ${formatCount(shown.clusters[ids[place]].size)}`,
      };
    }));
    const legend = realView.peek().legend.peek();
    const ofClusters = "labels" in picture && picture.labels === shown.labels;
    const places = ofClusters ? numberPlaces(shown.labels, shape.columns, shown.clusters.length) : [];
    const svg = figureSvg({
      map: {
        ...await hrefOf(picture),
        pixelSize: calibration.pixelSize,
        numbers: places.map((place, id) => ({ text: String(id), ...place })),
        ...legend?.kind === "values" && { bar: { map: legend.map, low: legend.low, high: legend.high } },
      },
      patterns,
      ...patterns.length > 0 && {
        bar: {
          map: colours.map,
          low: formatNumber(range.low, 3),
          high: `${formatNumber(range.high, 3)} counts (${colours.scale})`,
        },
      },
      caption: captionOf(name, clustering?.words ?? [], patterns.length),
    });
    offerDownload(`${plainName(`${name} figure`)}.svg`, new Blob([svg], { type: "image/svg+xml" }));
  } catch (cause) {
    complain(cause);
  }
}

/** Averages of clusters, float32 (qy, qx), in their order. */
async function averagesOf(ids: readonly number[]): Promise<Float32Array[]> {
  const shown = labelled.peek()!, groups = ids.map((id) => probesOf(shown, id)), found: Float32Array[] = [];
  if (groups.length === 0) return found;
  const pieces = fetchAverages(item.peek()!, groups, 1, new AbortController().signal);
  for await (const { header, arrays } of pieces) found[header.place] = arrays.pattern as Float32Array;
  return found;
}

async function hrefOf(picture: Picture): Promise<FigurePicture> {
  const { width, height, data } = paintPicture(picture, "light"), canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(new ImageData(data, width, height), 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { href: `data:image/png;base64,${btoa(text)}`, rows: height, columns: width };
}

function captionOf(name: string, words: readonly string[], patterns: number): string {
  const shown = labelled.peek()!, { rows, columns } = item.peek()!.shape;
  const by = source.peek() === "threshold"
    ? ` at a similarity threshold of ${
      formatThreshold(threshold.peek())
    } and a minimum size of ${minimumSize.peek()}`
    : "";
  const end = patterns > 0 ? " Averages of n patterns share one intensity scale." : "";
  const parameters = words.length > 0 ? ` Parameters: ${words.join(" ")}.` : "";
  return `${name}: ${realView.peek().label.toLowerCase()} of ${rows} × ${columns} probes; ${
    formatCount(shown.clusters.length)
  } clusters${by}.${end}${parameters}`;
}
