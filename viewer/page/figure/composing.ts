/** The figure as it is chosen: drawn anew whenever anything that it shows changes. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { formatHexColour, type Rgb } from "../../../library/report/image.ts";
import { paletteColour } from "../../../library/report/palette.ts";
import { drawFigure, type FigureDrawing } from "../../drawing/figure/figure.ts";
import { edgeOutlines } from "../../drawing/edge_outlines.ts";
import { formatCount, formatNumber } from "../../drawing/format.ts";
import type { Picture } from "../../drawing/map_scene.ts";
import { patternRange } from "../../drawing/pattern_scale.ts";
import { numberPlaces } from "../../labels/number_places.ts";
import { AtRest } from "../at_rest.ts";
import { errorOf } from "../errors.ts";
import { orientationMaps } from "../crystal/crystal_maps.ts";
import { storedShown } from "../crystal/stored_shown.ts";
import { clusterKey } from "../looking/clusters.ts";
import { chosenContrast } from "../looking/contrast.ts";
import { drawnPicture } from "../pictures/picture_address.ts";
import { behind } from "../series/time.ts";
import {
  brightest,
  item,
  labelled,
  labelView,
  patternColours,
  patternScale,
  reconnections,
} from "../state.ts";
import { realView } from "../views/real_views.ts";
import { captionOf } from "./caption.ts";
import * as choices from "./choices.ts";
import { FigurePatterns } from "./figure_patterns.ts";
import { paperLegend } from "./map_legend.ts";

const drawn = signal<FigureDrawing | null>(null);
/** The figure; `null` until the first is drawn. */
export const figure: ReadonlySignal<FigureDrawing | null> = drawn;
/** Whether another is on its way, and why none comes where that is so. */
export const drawing = signal(false);
export const trouble = signal("");

/** The map that is shown; `null` while there is none. */
const shownPicture = computed<Picture | null>(() => {
  const view = realView.value;
  return behind.value && view.group !== "tracks" ? null : view.picture.value;
});

/** Whether averages can be had: of patterns, or as a result has them. */
export const hasPatterns = computed(() =>
  labelled.value !== null && (item.value?.scan.readable === true || item.value?.clustering?.onDisk === true)
);
/** Whether peaks and spots of averages are known. */
export const hasSpots = computed(() => item.value?.clustering?.crystals !== undefined && storedShown.value);

/** Clusters whose averages could not be had without the scan, in the words of {@link wantedKey}. */
const without = signal("");

/** Which averages are wanted. */
const wantedKey = computed(() => {
  const shown = labelled.value,
    ids = choices.chosenIds.value.filter((id) => id < (shown?.clusters.length ?? 0));
  return ids.length === 0 ? "" : `${item.value?.id}:${ids.map((id) => clusterKey(shown!, id))}`;
});

/** Why there are no averages where some are wanted. */
export const lacking = computed(() => {
  const scan = item.value?.scan;
  if (!scan || scan.readable || wantedKey.value === "" || without.value !== wantedKey.value) return "";
  return `Averages of these clusters need the scan: ${scan.why}.`;
});

/** Clusters with an average in the figure. */
const shownIds = computed(() => hasPatterns.value && lacking.value === "" ? choices.chosenIds.value : []);

/** What the caption says unless another is written. */
export const usualCaption = computed(() => {
  const opened = item.value, view = realView.value, legend = view.legend.value;
  if (!opened) return "";
  const { rows, columns } = opened.shape;
  return captionOf({
    name: opened.name,
    map: view.label,
    ...legend && "note" in legend && legend.note && { note: [legend.note].flat().join(", ") },
    ...{ rows, columns },
    clusters: labelled.value?.clusters.length ?? 0,
    view: labelView.value,
    words: opened.clustering?.words ?? [],
    patterns: shownIds.value.length,
    scale: { log: "logarithmic", sqrt: "square root of", linear: "linear" }[patternScale.value],
    spots: choices.withSpots.value && hasSpots.value,
  });
});

/** Draws the figure as long as it is looked at. */
export function followFigure(): () => void {
  const rest = new AtRest(40), patterns = new FigurePatterns();
  const stop = effect(() => {
    const draw = prepare(patterns);
    reconnections.value;
    rest.stop();
    drawing.value = true;
    rest.begin(async (signal) => {
      try {
        const next = await draw(signal);
        if (signal.aborted) return;
        drawn.value = next;
        trouble.value = next ? "" : "There is no map yet.";
      } catch (cause) {
        if (signal.aborted) return;
        // A result has the averages of its own clusters, and of no others.
        if (item.peek()?.scan.readable === false && without.peek() !== wantedKey.peek()) {
          without.value = wantedKey.peek();
          return;
        }
        trouble.value = errorOf(cause).message;
      }
      drawing.value = false;
    });
  });
  return () => {
    stop();
    rest.stop();
    drawn.value = null;
  };
}

/** Reads all that the figure depends on; what is returned draws it. */
function prepare(patterns: FigurePatterns): (signal: AbortSignal) => Promise<FigureDrawing | null> {
  const opened = item.value, shown = labelled.value, picture = shownPicture.value, view = realView.value;
  const legend = view.legend.value, maps = orientationMaps.value, ids = shownIds.value;
  const spotted = choices.withSpots.value && hasSpots.value, bars = choices.withScaleBars.value;
  const coloured = choices.withColourBars.value, caption = choices.writtenCaption.value ?? usualCaption.value;
  const layout = {
    width: choices.width.value,
    arrangement: choices.arrangement.value,
    columns: choices.columns.value,
    caption: choices.withCaption.value ? caption : "",
  };
  const marked = { numbers: choices.numbered.value, outlines: choices.outlined.value };
  const colours = { scale: patternScale.value, map: patternColours.value };
  const byHand = chosenContrast("patterns"), upper = brightest.value;
  return async (signal) => {
    if (!opened || !picture) return null;
    const { shape, calibration } = opened;
    const averages = shown ? await patterns.averages(opened, shown, ids, signal) : [];
    const marks = shown && spotted ? await patterns.spots(opened, shown, ids, signal) : [];
    const ranges = averages.map((values) => patternRange(values, upper));
    const range = byHand ?? {
      low: Math.min(...ranges.map(({ low }) => low)),
      high: Math.max(...ranges.map(({ high }) => high)),
    };
    const { patternRows: rows, patternColumns: columns } = shape;
    const own = view.group === "clusters" && picture.kind === "clusters";
    const ofClusters = shown && view.group !== "tracks" && shown.labels.length === shape.rows * shape.columns
      ? shown
      : null;
    const wanted = (which: choices.Marked) => which === "all" ? undefined : which === "chosen" ? ids : [];
    const numbered = wanted(marked.numbers), outlined = wanted(marked.outlines);
    const places = ofClusters
      ? numberPlaces(ofClusters.labels, shape.columns, ofClusters.clusters.length)
      : [];
    return drawFigure({
      ...layout,
      map: {
        ...await drawnPicture(picture, "light"),
        titles: [view.label],
        ...bars && { pixelSize: calibration.pixelSize },
        numbers: places.map((place, id) => ({ text: String(id), ...place }))
          .filter((_, id) => !numbered || numbered.includes(id)),
        ...ofClusters && outlined?.length !== 0 && {
          outlines: edgeOutlines(ofClusters.labels, shape.columns, outlined),
        },
        legend: coloured ? await paperLegend(legend, picture, opened, maps) : null,
      },
      patterns: await Promise.all(averages.map(async (values, place) => {
        const id = ids[place], many = formatCount(shown!.clusters[id].size);
        return {
          ...await drawnPicture({ rows, columns, kind: "scalar", values, range, ...colours }, "light"),
          ...bars && { pixelSize: calibration.qPixelSize },
          titles: [`Cluster ${id}, n = ${many}`, `${id}, n = ${many}`, `Cluster ${id}`, String(id)],
          ...own && { colour: formatHexColour(rgbOf(shown!.colours[id])) },
          ...marks[place] && { marks: marks[place] },
        };
      })),
      ...averages.length > 0 && coloured && {
        bar: {
          map: colours.map,
          low: formatNumber(range.low, 3),
          high: `${formatNumber(range.high, 3)} counts`,
          name: `${colours.scale} scale`,
        },
      },
    });
  };
}

function rgbOf(colour: number): Rgb {
  const [red, green, blue] = paletteColour(colour);
  return [red, green, blue];
}
