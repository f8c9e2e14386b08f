/** One pattern: values under the pointer, zoom, and the detector to drag on it. */

import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import {
  panViewport,
  pinchViewport,
  toPicture,
  type Viewport,
  wheelFactor,
  zoomAbout,
} from "../drawing/viewport.ts";
import type { SpotsAnswer } from "../protocol/crystals.ts";
import { DetectorDrag, nudgeDetector } from "../page/looking/detector_drag.ts";
import { patternViewport, showAll } from "../page/looking/looking.ts";
import { PatternPicture } from "../page/pictures/pattern_picture.ts";
import { lineGround } from "../page/looking/profiles.ts";
import { pointedPixel } from "../page/looking/pointed_pixel.ts";
import { patternRuler } from "../page/looking/ruler.ts";
import { snapped } from "../page/looking/snapping.ts";
import { detectorKind, type ShownPattern, tool } from "../page/state.ts";
import { listenForTouches } from "./touches.ts";

export function PatternStage({ id, label, pattern, empty, marks, crystal }: {
  readonly id: string;
  readonly label: string;
  readonly pattern: ReadonlySignal<ShownPattern | null>;
  /** Shown while there is no pattern. */
  readonly empty: string;
  /** Peaks and spots that are drawn on the pattern. */
  readonly marks?: ReadonlySignal<SpotsAnswer | null>;
  /** Spots of its crystal, drawn or not. */
  readonly crystal: ReadonlySignal<SpotsAnswer | null>;
}) {
  const data = useRef<HTMLCanvasElement>(null), overlay = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const picture = new PatternPicture(data.current!, overlay.current!, pattern, marks);
    const stop = listen(overlay.current!, picture, pattern, crystal);
    return () => {
      stop();
      picture.dispose();
    };
  }, []);
  const detecting = detectorKind.value !== "none";
  return (
    <div class="picture">
      <canvas ref={data} aria-hidden="true" />
      <canvas
        id={id}
        ref={overlay}
        tabIndex={0}
        role="application"
        aria-label={detecting
          ? `${label}. Arrow keys move the detector, plus and minus change its radius.`
          : label}
      />
      {pattern.value === null && empty && <p>{empty}</p>}
    </div>
  );
}

/** Pointer, wheel and keys; returns what ends it. */
function listen(
  canvas: HTMLCanvasElement,
  picture: PatternPicture,
  pattern: ReadonlySignal<ShownPattern | null>,
  crystal: ReadonlySignal<SpotsAnswer | null>,
): () => void {
  const stop = new AbortController(), options = { signal: stop.signal };
  let drag: DetectorDrag | "pan" | "ruler" | null = null;
  let last = { x: 0, y: 0 };
  const pointOf = (event: MouseEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const change = (changed: (viewport: Viewport) => Viewport) => {
    const viewport = picture.viewport;
    if (viewport) patternViewport.value = changed(viewport);
  };
  /** The place that is measured at a point: that of the peak there, unless Alt is held. */
  const measuredAt = (viewport: Viewport, event: MouseEvent) => {
    const place = toPicture(viewport, pointOf(event)), shown = pattern.peek();
    if (event.altKey) return place;
    // Peaks that were measured are those of the average.
    const own = canvas.id === "upper-pattern" ? crystal.peek() : null;
    return snapped(place, viewport.scale, shown, own);
  };
  const pointAt = (event: MouseEvent) => {
    const viewport = picture.viewport;
    if (!viewport) return;
    const place = toPicture(viewport, pointOf(event));
    const row = Math.floor(place.row), column = Math.floor(place.column);
    const inside = row >= 0 && column >= 0 && row < viewport.rows && column < viewport.columns;
    pointedPixel.value = inside ? { row, column, pixel: row * viewport.columns + column, pattern } : null;
  };
  listenForTouches(canvas, {
    pinch: (...how) => change((viewport) => pinchViewport(viewport, ...how)),
    mayRead: () => tool.peek() !== "ruler",
    read: pointAt,
    drop: () => {
      if (drag === "ruler") patternRuler.takeBack();
      drag = null;
    },
  }, stop.signal);
  canvas.addEventListener("pointerdown", (event) => {
    const viewport = picture.viewport;
    if (!viewport) return;
    canvas.setPointerCapture(event.pointerId);
    last = pointOf(event);
    const plain = !pattern.peek()?.transformed;
    if (plain && event.button === 0 && tool.peek() === "ruler") {
      drag = "ruler";
      patternRuler.press(measuredAt(viewport, event), crystal.peek());
      lineGround.value = "patterns";
    } else if (plain && event.button === 0 && detectorKind.peek() !== "none") {
      drag = new DetectorDrag(viewport, last);
    } else if (event.button === 1 || event.button === 0 && viewport.zoom > 1) {
      event.preventDefault();
      drag = "pan";
    }
  }, options);
  canvas.addEventListener("pointermove", (event) => {
    const viewport = picture.viewport, point = pointOf(event);
    if (!viewport) return;
    if (drag === "pan") {
      change((viewport) => panViewport(viewport, point.x - last.x, point.y - last.y));
      last = point;
    } else if (drag && drag !== "ruler") drag.move(viewport, point);
    if (tool.peek() === "ruler") patternRuler.move(measuredAt(viewport, event), drag === "ruler");
    pointAt(event);
  }, options);
  for (const ended of ["pointerup", "pointercancel"] as const) {
    canvas.addEventListener(ended, () => {
      if (drag === "ruler") patternRuler.release();
      drag = null;
    }, options);
  }
  canvas.addEventListener("pointerleave", () => pointedPixel.value = null, options);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    change((viewport) => zoomAbout(viewport, pointOf(event), wheelFactor(event.deltaY)));
  }, { ...options, passive: false });
  canvas.addEventListener("dblclick", showAll, options);
  canvas.addEventListener("keydown", (event) => {
    if (detectorKind.peek() !== "none" && nudgeDetector(event.key, event.shiftKey)) event.preventDefault();
  }, options);
  return () => stop.abort();
}
