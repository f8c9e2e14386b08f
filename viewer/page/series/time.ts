/** The series that is open and the frame of it that is shown. Only what is in this folder writes these. */

import { computed, signal } from "@preact/signals";
import type { OpenedItem } from "../../protocol/items.ts";
import type { OpenedSeries } from "../../protocol/series.ts";
import { announce } from "../announce.ts";
import { run } from "../state.ts";

export const series = signal<OpenedSeries | null>(null);
/** The frame that is shown, from 0. */
export const frame = signal(0);
/** The frame whose result or scan is open; -1 while there is none. */
export const itemFrame = signal(-1);
export const playing = signal(false);

/** What stays where it is on the screen while time moves: the frame, the specimen, or the selected track. */
export type Steady = "frame" | "specimen" | "track";
export const steady = signal<Steady>("frame");

/** Whether what is open is of another frame than the one that is shown: it is not shown then. */
export const behind = computed(() => series.value !== null && itemFrame.value !== frame.value);

/** What is open as a whole, a series or else an item, and what opens the same again. */
export function wholeOf(item: OpenedItem): Pick<OpenedItem, "path" | "asked"> {
  const opened = series.value;
  return opened ? { path: opened.path, asked: { input: opened.input } } : item;
}

/** How many frames there are; 0 without a series. */
export const frameCount = computed(() => series.value?.frames.length ?? 0);

/** Milliseconds that a frame is shown while time plays; longer where the system asks for little motion. */
const playEvery = 250, calmEvery = 1000;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Resolves once the frame that was asked for last is on the screen. */
let drawn: () => Promise<void> = () => Promise.resolve();

/** Says how playing waits for a frame. */
export function waitForFrames(wait: () => Promise<void>): void {
  drawn = wait;
}

/** Shows a frame, or the nearest one that there is. */
export function showFrame(wanted: number): void {
  const most = frameCount.peek() - 1;
  // What a run finds is shown where it was begun.
  if (most < 0 || !Number.isFinite(wanted) || run.peek()) return;
  frame.value = Math.min(most, Math.max(0, Math.round(wanted)));
}

/** Goes on by some frames, and stops playing. */
export function stepFrame(steps: number): void {
  pause();
  showFrame(frame.peek() + steps);
}

/** Plays from here, or from the beginning where this is the end; or stops. */
export function togglePlaying(): void {
  if (playing.peek()) return pause();
  if (frameCount.peek() < 2 || run.peek()) return;
  if (frame.peek() === frameCount.peek() - 1) showFrame(0);
  playing.value = true;
  next();
}

/** Stops playing. */
export function pause(): void {
  clearTimeout(timer);
  playing.value = false;
}

function next(): void {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  timer = setTimeout(async () => {
    await drawn();
    if (!playing.peek()) return;
    showFrame(frame.peek() + 1);
    if (frame.peek() < frameCount.peek() - 1) return next();
    pause();
    announce(`The last frame, ${frame.peek()}`);
  }, calm ? calmEvery : playEvery);
}

/** The number that a frame has on the axis of the series, with its unit; empty where it has none. */
export function valueOf(wanted: number): string {
  const opened = series.value, value = opened?.frames[wanted]?.value;
  if (!opened || value === undefined) return "";
  const { name, unit } = opened.axis, number = String(Number(value.toPrecision(6))).replace("-", "\u2212");
  return `${name} ${number}${unit ? `\u202f${unit}` : ""}`;
}
