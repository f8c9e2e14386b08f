/** The map of real space: pointer and keys on it; viewer/page/pictures/real_picture.ts draws. */

import { useEffect, useRef } from "preact/hooks";
import type { Shape } from "../drawing/shapes.ts";
import { lineGround } from "../page/looking/profiles.ts";
import { mapRuler } from "../page/looking/ruler.ts";
import { idAt } from "../page/looking/clusters.ts";
import { drawsLine, line, toLine } from "../page/series/kymograph.ts";
import {
  addCorner,
  brushRadius,
  drawAtProbe,
  drawing,
  dropLast,
  finishShape,
  isDrawing,
} from "../page/editing/drawing.ts";
import { moveProbe, realViewport, selectAtProbe, selectId, showAll } from "../page/looking/looking.ts";
import {
  panViewport,
  type PicturePoint,
  pinchViewport,
  toPicture,
  wheelFactor,
  zoomAbout,
} from "../drawing/viewport.ts";
import { RealPicture } from "../page/pictures/real_picture.ts";
import { realView } from "../page/views/real_views.ts";
import { drawnMap, hovered, item, pointed, probe, tool } from "../page/state.ts";
import { listenForTouches } from "./touches.ts";

/** What a pressed pointer does. */
type Drag = "probe" | "pan" | "rectangle" | "brush" | "line" | "ruler";

export function MapStage() {
  const data = useRef<HTMLCanvasElement>(null), overlay = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const picture = new RealPicture(data.current!, overlay.current!);
    const stop = listen(overlay.current!);
    return () => {
      stop();
      picture.dispose();
    };
  }, []);
  const { row, column } = probe.value, { picture, missing: words } = realView.value;
  const missing = picture.value === null && words?.();
  return (
    <>
      <canvas ref={data} aria-hidden="true" />
      <canvas
        id="map"
        ref={overlay}
        class={tool.value === "move" ? "moving" : "pointing"}
        tabIndex={0}
        role="application"
        aria-label={`Map of the scan, probe at row ${row}, column ${column}. Arrow keys move the probe, Enter selects its cluster.`}
      />
      {missing && (
        <p class="missing" role="status">
          <span>{missing}</span>
        </p>
      )}
    </>
  );
}

/** Pointer, wheel and keys; returns what ends it. */
function listen(canvas: HTMLCanvasElement): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  let drag: Drag | null = null;
  let last = { x: 0, y: 0 };

  const at = (event: PointerEvent | WheelEvent | MouseEvent) => {
    const box = canvas.getBoundingClientRect();
    const point = { x: event.clientX - box.left, y: event.clientY - box.top };
    const viewport = realViewport.peek();
    return viewport ? toPicture(viewport, point) : { row: -1, column: -1 };
  };
  const inside = (row: number, column: number) => {
    const { rows, columns } = item.peek()!.shape;
    return row >= 0 && column >= 0 && row < rows && column < columns;
  };

  const pointAt = ({ row, column }: PicturePoint) => {
    const here = inside(row, column) ? { row: Math.floor(row), column: Math.floor(column) } : null;
    pointed.value = here;
    hovered.value = here && !realView.peek().choose ? nameAt(here.row, here.column) : -1;
  };

  listenForTouches(canvas, {
    pinch: (...how) => {
      const viewport = realViewport.peek();
      if (viewport) realViewport.value = pinchViewport(viewport, ...how);
    },
    mayRead: () => !drawsLine.peek() && (tool.peek() === "select" || tool.peek() === "move"),
    read: (event) => pointAt(at(event)),
    drop: () => {
      if (drag === "line") drawsLine.value = false;
      if (drag === "ruler") mapRuler.takeBack();
      if (isDrawing()) dropLast();
      drag = null;
    },
  }, stop.signal);

  canvas.addEventListener("pointerdown", (event) => {
    const { row, column } = at(event);
    const probeRow = Math.floor(row), probeColumn = Math.floor(column);
    last = { x: event.clientX, y: event.clientY };
    canvas.setPointerCapture(event.pointerId);
    if (event.button === 1 || tool.peek() === "move" && event.button === 0) {
      event.preventDefault();
      drag = "pan";
    } else if (event.button !== 0) return;
    else if (drawsLine.peek()) {
      drag = "line";
      const end = toLine({ row, column });
      line.value = { from: end, to: end };
    } else if (tool.peek() === "ruler") {
      drag = "ruler";
      mapRuler.press({ row, column });
      lineGround.value = "map";
    } else if (tool.peek() === "select") {
      if (!inside(row, column)) return;
      drag = event.shiftKey ? null : "probe";
      if (!event.shiftKey) moveProbe(probeRow, probeColumn);
      const { columns } = item.peek()!.shape, { choose } = realView.peek();
      if (choose) choose(probeRow * columns + probeColumn, event.shiftKey);
      else selectId(idAt(probeRow, probeColumn, columns), event.shiftKey);
    } else if (tool.peek() === "polygon") {
      addCorner({ row, column }, event.altKey);
    } else {
      drag = tool.peek() as "rectangle" | "brush";
      const shape: Shape = drag === "rectangle"
        ? { kind: "rectangle", from: { row, column }, to: { row, column } }
        : { kind: "brush", line: [{ row, column }], radius: brushRadius.peek() };
      drawing.value = { shape, adds: event.altKey };
    }
  }, options);

  canvas.addEventListener("pointermove", (event) => {
    const { row, column } = at(event);
    pointAt({ row, column });
    if (tool.peek() === "ruler") mapRuler.move({ row, column }, drag === "ruler");
    if (drag === "pan") {
      const viewport = realViewport.peek();
      if (viewport) {
        realViewport.value = panViewport(viewport, event.clientX - last.x, event.clientY - last.y);
      }
      last = { x: event.clientX, y: event.clientY };
    } else if (drag === "line") line.value = { ...line.peek()!, to: toLine({ row, column }) };
    else if (drag === "probe") moveProbe(Math.floor(row), Math.floor(column));
    else if (drag && drag !== "ruler") extendShape(row, column);
  }, options);

  const release = () => {
    if (drag === "rectangle" || drag === "brush") finishShape();
    if (drag === "line") drawsLine.value = false;
    if (drag === "ruler") mapRuler.release();
    drag = null;
  };
  canvas.addEventListener("pointerup", release, options);
  canvas.addEventListener("pointercancel", release, options);
  canvas.addEventListener("pointerleave", () => {
    pointed.value = null;
    hovered.value = -1;
  }, options);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = canvas.getBoundingClientRect(), viewport = realViewport.peek();
    const point = { x: event.clientX - box.left, y: event.clientY - box.top };
    if (viewport) realViewport.value = zoomAbout(viewport, point, wheelFactor(event.deltaY));
  }, { ...options, passive: false });
  canvas.addEventListener("dblclick", () => {
    if (tool.peek() === "select") showAll();
    else if (tool.peek() === "polygon") finishShape();
  }, options);
  canvas.addEventListener("keydown", pressKey, options);
  return () => stop.abort();
}

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function pressKey(event: KeyboardEvent): void {
  const step = steps[event.key], { row, column } = probe.peek();
  if (step) {
    const times = event.shiftKey ? 10 : 1;
    moveProbe(row + times * step[0], column + times * step[1]);
  } else if (event.key === "Enter" && isDrawing()) drawAtProbe(probe.peek(), event.altKey);
  else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) chooseAtProbe(event.shiftKey);
  else return;
  event.preventDefault();
}

/** Selects what lies under the probe: its cluster, or what the view says. */
function chooseAtProbe(add: boolean): void {
  const { choose } = realView.peek(), { row, column } = probe.peek();
  if (choose) choose(row * item.peek()!.shape.columns + column, add);
  else selectAtProbe(add);
}

function nameAt(row: number, column: number): number {
  const shown = drawnMap.peek(), columns = item.peek()!.shape.columns;
  const id = shown ? shown.labels[row * columns + column] : -1;
  return id >= 0 ? shown!.names[id] : -1;
}

function extendShape(row: number, column: number): void {
  const current = drawing.peek();
  if (!current) return;
  const { shape } = current;
  if (shape.kind === "rectangle") drawing.value = { ...current, shape: { ...shape, to: { row, column } } };
  else if (shape.kind === "brush") {
    drawing.value = { ...current, shape: { ...shape, line: [...shape.line, { row, column }] } };
  }
}
