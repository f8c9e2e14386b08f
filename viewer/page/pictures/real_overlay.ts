/** What lies on the map: outlines, probe, drawn shapes, scale bar. */

import { edgeOutlines } from "../../drawing/edge_outlines.ts";
import { outlines as smoothOutlines } from "../../drawing/outlines.ts";
import {
  clearOverlay,
  drawOutline,
  drawProbe,
  drawScaleBar,
  OutlineLayer,
  outlinePath,
} from "../../drawing/overlay.ts";
import { drawBrushTip, drawRuler, drawShape } from "../../drawing/shape_drawing.ts";
import type { OutlinePath } from "../../drawing/outline_path.ts";
import type { Ink } from "../../drawing/ink.ts";
import type { Viewport } from "../../drawing/viewport.ts";
import { brushRadius, drafts, drawing } from "../editing/drawing.ts";
import { drawnMap, hovered, item, outlines, pointed, probe, theme, tool } from "../state.ts";
import { mapRuler } from "../looking/ruler.ts";
import { selection } from "../looking/selection.ts";
import { line, lineShift, shownLine } from "../series/kymograph.ts";
import { shownRegions } from "../series/shown_regions.ts";
import { placeIn, plotPlace, pointedTrack } from "../series/pointed_plot.ts";
import { behind, frame } from "../series/time.ts";
import { selectedTracks } from "../series/tracks.ts";
import { realView } from "../views/real_views.ts";

/** Probes smaller than this on the screen, in CSS pixels, have smooth outlines: their edges would not be seen. */
const leastEdgeScale = 2;

/** Keeps paths for as long as the labels stay. */
export class RealOverlay {
  readonly #canvas: HTMLCanvasElement;
  #labels: Int32Array | null = null;
  readonly #paths = new Map<string, OutlinePath>();
  readonly #all = new OutlineLayer();

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Reads every signal that {@link draw} depends on. */
  depends(): void {
    for (const signal of [drawnMap, hovered, item, outlines, probe, realView, selection, theme, tool]) {
      signal.value;
    }
    for (const signal of [drafts, drawing, brushRadius, mapRuler.ruled]) signal.value;
    for (const signal of [behind, line, lineShift, selectedTracks, shownRegions]) signal.value;
    if (realView.value.group === "tracks") { for (const signal of [plotPlace, pointedTrack]) signal.value; }
    if (tool.value === "brush") pointed.value;
  }

  draw(viewport: Viewport): void {
    this.drawOn(clearOverlay(this.#canvas, viewport), viewport);
  }

  /** The same with any ink. */
  drawOn(context: Ink, viewport: Viewport): void {
    if (realView.peek().group === "tracks") this.#drawTracks(context, viewport);
    const shown = realView.peek().group === "tracks" || behind.peek() ? null : drawnMap.peek();
    if (shown && shown.labels.length === viewport.rows * viewport.columns) {
      if (outlines.peek()) this.#all.draw(context, viewport, this.#path(shown.labels, "all", viewport));
      const over = shown.names.indexOf(hovered.peek());
      const selected = selection.peek().map((name) => shown.names.indexOf(name)).filter((id) => id >= 0);
      if (over >= 0 && !selected.includes(over)) {
        drawOutline(context, viewport, this.#path(shown.labels, [over], viewport), "hover");
      }
      if (selected.length > 0) {
        drawOutline(context, viewport, this.#path(shown.labels, selected, viewport), "selected");
      }
    }
    drawProbe(context, viewport, probe.peek());
    const ends = shownLine();
    if (ends.length > 0 && realView.peek().group === "tracks") {
      const shape = { kind: "polygon", corners: ends } as const;
      drawShape(context, viewport, shape, { closed: false });
      const place = plotPlace.peek()?.at;
      if (place) drawBrushTip(context, viewport, placeIn(place, frame.peek()), 0.7);
    }
    const measured = mapRuler.ruled.peek();
    if (measured) drawRuler(context, viewport, measured);
    for (const { shape } of drafts.peek()) drawShape(context, viewport, shape);
    const current = drawing.peek();
    if (current) drawShape(context, viewport, current.shape, { closed: current.shape.kind !== "polygon" });
    const at = pointed.peek();
    if (tool.peek() === "brush" && at && !current) {
      drawBrushTip(context, viewport, { row: at.row + 0.5, column: at.column + 0.5 }, brushRadius.peek());
    }
    const light = theme.peek() === "light" && realView.peek().followsTheme;
    drawScaleBar(context, viewport, item.peek()?.calibration.pixelSize, light ? "dark" : "light");
  }

  /** Outlines of tracks: of all, and of the selected ones. */
  #drawTracks(context: Ink, viewport: Viewport): void {
    const shown = shownRegions.peek();
    if (!shown || shown.labels.length !== viewport.rows * viewport.columns) return;
    if (outlines.peek()) this.#all.draw(context, viewport, this.#path(shown.labels, "all", viewport));
    const selected = selectedTracks.peek().map((track) => shown.tracks.indexOf(track)).filter((id) =>
      id >= 0
    );
    const over = shown.tracks.indexOf(pointedTrack.peek());
    if (over >= 0 && !selected.includes(over)) {
      drawOutline(context, viewport, this.#path(shown.labels, [over], viewport), "hover");
    }
    if (selected.length > 0) {
      drawOutline(context, viewport, this.#path(shown.labels, selected, viewport), "selected");
    }
  }

  #path(
    labels: Int32Array,
    which: "all" | readonly number[],
    { scale, rowScale, columns }: Viewport,
  ): OutlinePath {
    if (labels !== this.#labels) {
      this.#labels = labels;
      this.#paths.clear();
    }
    const smooth = Math.max(scale, rowScale) < leastEdgeScale, key = `${smooth}:${which}`;
    let path = this.#paths.get(key);
    if (!path) {
      // Hovering over one cluster after the other must not fill the memory.
      if (this.#paths.size > 200) this.#paths.clear();
      const lines = smooth ? smoothOutlines : edgeOutlines;
      path = outlinePath(lines(labels, columns, which === "all" ? undefined : which));
      this.#paths.set(key, path);
    }
    return path;
  }
}
