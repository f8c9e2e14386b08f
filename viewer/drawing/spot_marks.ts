/** Marks on an averaged pattern: circles about measured disks, crosses at the spots of a crystal, with their indices. */

import type { SpotsAnswer } from "../protocol/crystals.ts";
import { strokeCased } from "./cased_strokes.ts";
import { type Ink, pathFor } from "./ink.ts";
import type { ScreenBox } from "./overlay.ts";
import { toScreen, type Viewport } from "./viewport.ts";

const weight = { line: 1.2, casing: 1.8, white: 1, black: 0.7 } as const;
/** Circles are larger than disks by this, and at least so many CSS pixels. */
const circleFactor = 1.15, leastCircle = 4;
/** Arms of crosses in CSS pixels, of the weakest and the strongest spot. */
const leastArm = 2.5, mostArm = 5;
/** From this zoom on all spots carry their indices. */
const allNamedZoom = 2.5;

/** Height of the words with the bars over them, in CSS pixels. */
const wordHeight = 11;

/**
 * Draws the marks; coordinates are detector pixels, whose middles are whole numbers.
 *
 * @param taken where something else is written, which no indices lie over
 */
export function drawSpotMarks(
  context: Ink,
  viewport: Viewport,
  { measured, spots, diskRadius }: Pick<SpotsAnswer, "measured" | "spots" | "diskRadius">,
  taken: ScreenBox | null = null,
): void {
  const place = ({ row, column }: { readonly row: number; readonly column: number }) =>
    toScreen(viewport, { row: row + 0.5, column: column + 0.5 });
  const circles = pathFor(context),
    radius = Math.max(leastCircle, circleFactor * diskRadius * viewport.scale);
  for (const { x, y } of measured.map(place)) {
    circles.moveTo(x + radius, y);
    circles.arc(x, y, radius, 0, 2 * Math.PI);
  }
  strokeCased(context, circles, weight);
  const crosses = pathFor(context);
  for (const spot of spots) {
    const { x, y } = place(spot),
      arm = leastArm + (mostArm - leastArm) * Math.sqrt(Math.sqrt(spot.intensity));
    crosses.moveTo(x - arm, y);
    crosses.lineTo(x + arm, y);
    crosses.moveTo(x, y - arm);
    crosses.lineTo(x, y + arm);
  }
  strokeCased(context, crosses, weight);
  context.font = '600 11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  const all = viewport.zoom >= allNamedZoom;
  for (const { indices, low, ...spot } of spots) {
    if (indices.every((index) => index === 0) || !(low || all)) continue;
    const { x, y } = place(spot);
    drawIndices(context, indices, { x, y }, viewport, taken);
  }
}

/**
 * Writes Miller indices with bars over negative ones, beside a spot and above it: at its right, or at its left where they would
 * be cut off, below it where they would be at the top. Where they would lie over other words they are left out.
 */
function drawIndices(
  context: Ink,
  indices: readonly number[],
  spot: { readonly x: number; readonly y: number },
  { width: visible }: Pick<Viewport, "width">,
  taken: ScreenBox | null,
): void {
  const bars = pathFor(context), texts: [text: string, x: number][] = [];
  // Numbers of two digits would run into their neighbours.
  const gap = indices.some((index) => Math.abs(index) > 9) ? 3 : 0.5;
  const words = indices.map((index) => String(Math.abs(index)));
  const widths = words.map((text) => context.measureText(text).width);
  const whole = widths.reduce((sum, width) => sum + width, gap * (words.length - 1));
  // Where neither side has the room, the right one is as good.
  const leftwards = spot.x + mostArm + whole > visible && spot.x - mostArm - whole >= 0;
  const above = spot.y - mostArm + 1, base = above < wordHeight ? spot.y + mostArm + wordHeight - 1 : above;
  const sides = leftwards
    ? [spot.x - mostArm - whole, spot.x + mostArm]
    : [spot.x + mostArm, spot.x - mostArm - whole];
  const free = sides.find((x) =>
    !overlaps(taken, { x, y: base - wordHeight, width: whole, height: wordHeight })
  );
  if (free === undefined) return;
  let x = free;
  for (const [place, index] of indices.entries()) {
    const width = widths[place];
    texts.push([words[place], x]);
    if (index < 0) {
      bars.moveTo(x + 0.5, base - 10);
      bars.lineTo(x + width - 0.5, base - 10);
    }
    x += width + gap;
  }
  context.lineJoin = "round";
  context.strokeStyle = "rgb(0 0 0 / 0.8)";
  context.lineWidth = 3;
  for (const [text, at] of texts) context.strokeText(text, at, base);
  strokeCased(context, bars, { ...weight, line: 1.2 });
  context.fillStyle = "#fff";
  for (const [text, at] of texts) context.fillText(text, at, base);
}

function overlaps(one: ScreenBox | null, other: ScreenBox): boolean {
  return one !== null && one.x < other.x + other.width && other.x < one.x + one.width &&
    one.y < other.y + other.height && other.y < one.y + one.height;
}
