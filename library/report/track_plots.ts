/** Tracks as drawings: areas against the frame, and lives with what came of what. Each is a picture of its own as well. */

import type { TrackEvent } from "../series/events.ts";
import type { TrackSummary } from "../series/track_summary.ts";
import { formatHexColour } from "./image.ts";
import { type Markup, markup } from "./markup.ts";
import { formatNumber } from "./number_format.ts";
import { paletteColour } from "./palette.ts";
import { spread } from "./spread.ts";

/** Tracks in the plot of areas, and in that of lives. */
const plottedTracks = 12, livingTracks = 40;
const width = 640, left = 56, right = width - 44;
const ink = "#667788";
/** From one number at the end of a curve to the next. */
const numberHeight = 11;

/** Areas of a track, frame by frame. */
export interface AreaCurve {
  readonly track: number;
  readonly points: readonly (readonly [frame: number, area: number])[];
}

/** What both drawings are made from. */
export interface TrackDrawing {
  readonly frames: number;
  readonly curves: readonly AreaCurve[];
  readonly summaries: readonly TrackSummary[];
  readonly events: readonly TrackEvent[];
  /** Palette index of each track. */
  readonly colours: Uint32Array;
}

/** Where a frame is across the drawing. */
function across(frame: number, frames: number): number {
  return left + (right - left) * frame / Math.max(1, frames - 1);
}

/** A text of the drawing. */
function label(text: string | number, x: number, y: number, anchor = "start"): Markup {
  return markup`<text x="${x.toFixed(1)}" y="${
    y.toFixed(1)
  }" text-anchor="${anchor}" font-size="11" fill="${ink}">${text}</text>`;
}

function drawing(height: number, what: string, content: readonly Markup[]): Markup {
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${what}" font-family="sans-serif">${content}</svg>`;
}

function colourOf({ colours }: TrackDrawing, track: number): string {
  return formatHexColour(paletteColour(colours[track]));
}

/**
 * Areas of the largest tracks, with what happened to them: a ring where another came in, a bar where a part split off.
 * `null` where there is nothing to draw.
 *
 * @param area of a probe, and its unit; default: areas in probes
 */
export function areaPlot(content: TrackDrawing, area = 1, unit = "probes"): Markup | null {
  const { curves, frames, events } = content, height = 240, bottom = height - 28;
  const largest = curves
    .map((curve) => ({ ...curve, most: Math.max(...curve.points.map(([, size]) => size)) }))
    .toSorted((one, other) => other.most - one.most || one.track - other.track)
    .slice(0, plottedTracks);
  if (largest.length === 0 || frames < 2) return null;
  const { most } = largest[0], y = (size: number) => 8 + (bottom - 8) * (1 - size / most);
  const numbers = spread(largest.map(({ points }) => y(points.at(-1)![1])), numberHeight, 8, bottom);
  const lines = largest.flatMap(({ track, points }, place) => {
    const colour = colourOf(content, track), [frame] = points.at(-1)!;
    const path = points.map(([at, size], index) =>
      `${index > 0 && points[index - 1][0] === at - 1 ? "L" : "M"}${across(at, frames).toFixed(1)} ${
        y(size).toFixed(1)
      }`
    ).join("");
    const marks = events.flatMap(({ kind, frame, partner, doubtful }) => {
      const point = points.find(([at]) => at === frame);
      if (partner !== track || !point || kind !== "merge" && kind !== "split") return [];
      const x = across(frame, frames), height = y(point[1]), dash = doubtful ? "2 2" : "none";
      return kind === "merge"
        ? [
          markup`<circle cx="${x.toFixed(1)}" cy="${
            height.toFixed(1)
          }" r="4" fill="none" stroke="${colour}" stroke-dasharray="${dash}"/>`,
        ]
        : [
          markup`<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${(height - 6).toFixed(1)}" y2="${
            (height + 6).toFixed(1)
          }" stroke="${colour}" stroke-dasharray="${dash}"/>`,
        ];
    });
    return [
      markup`<path fill="none" stroke-width="1.8" stroke="${colour}" d="${path}"/>`,
      ...marks,
      label(track, across(frame, frames) + 5, numbers[place] + 4),
    ];
  });
  return drawing(height, `Areas of ${largest.length} tracks in ${unit} against the frame.`, [
    markup`<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${ink}"/>`,
    ...[0, 0.5, 1].map((part) =>
      label(formatNumber(part * most * area, 3), left - 6, y(part * most) + 4, "end")
    ),
    ...lines,
    label("frame 0", left, height - 8, "middle"),
    label(frames - 1, right, height - 8, "middle"),
  ]);
}

/**
 * Lives of the largest tracks, a band each as thick as its radius, and arcs from where one came to where it went. Dashed arcs
 * are doubtful. `null` where there is nothing to draw.
 */
export function lineagePlot(content: TrackDrawing): Markup | null {
  const { curves, frames, events, summaries } = content;
  const chosen = new Set(
    summaries.toSorted((one, other) => other.largestArea - one.largestArea || one.track - other.track)
      .slice(0, livingTracks).map(({ track }) => track),
  );
  if (chosen.size === 0 || frames < 2) return null;
  const lanes = familyOrder(summaries.filter(({ track }) => chosen.has(track)));
  const lane = new Map(lanes.map((track, index) => [track, 16 + 14 * index]));
  const most = Math.max(...summaries.map(({ largestArea }) => largestArea));
  const bands = curves.filter(({ track }) => lane.has(track)).map(({ track, points }) => {
    const half = (size: number) => Math.max(0.8, 6 * Math.sqrt(size / most)), middle = lane.get(track)!;
    // A band that is as long as a frame is wide, for tracks that are seen but once.
    const ends = points.length > 1 ? points : [points[0], [points[0][0] + 0.4, points[0][1]] as const];
    const edge = (sign: number) => (at: readonly [number, number]) =>
      `${across(at[0], frames).toFixed(1)} ${(middle + sign * half(at[1])).toFixed(1)}`;
    const outline = [...ends.map(edge(-1)), ...ends.toReversed().map(edge(1))].join("L");
    return markup`<path fill="${colourOf(content, track)}" d="M${outline}Z"/>`;
  });
  const arcs = events.flatMap(({ kind, frame, track, partner, doubtful }) => {
    const from = lane.get(kind === "split" ? partner : track),
      to = lane.get(kind === "split" ? track : partner);
    if (kind !== "merge" && kind !== "split" || from === undefined || to === undefined) return [];
    const x = across(frame, frames), start = across(frame - 1, frames), bend = (start + x) / 2;
    const d = `M${start.toFixed(1)} ${from}C${bend.toFixed(1)} ${from} ${bend.toFixed(1)} ${to} ${
      x.toFixed(1)
    } ${to}`;
    return [
      markup`<path fill="none" stroke="${colourOf(content, track)}" stroke-width="2" stroke-dasharray="${
        doubtful ? "3 2" : "none"
      }" d="${d}"/>`,
    ];
  });
  const height = 16 + 14 * lanes.length + 20;
  return drawing(height, `Lives of ${lanes.length} tracks: what came of what.`, [
    ...bands,
    ...arcs,
    ...lanes.map((track) => label(track, left - 8, lane.get(track)! + 4, "end")),
    label("frame 0", left, height - 6, "middle"),
    label(frames - 1, right, height - 6, "middle"),
  ]);
}

/** Tracks with those that came of them or into them below them, by number otherwise. */
function familyOrder(summaries: readonly TrackSummary[]): number[] {
  const known = new Set(summaries.map(({ track }) => track)), relatives = new Map<number, number[]>();
  const heads: number[] = [];
  for (const { track, parent, into } of summaries) {
    const head = [parent, into].find((other) => other >= 0 && other !== track && known.has(other));
    if (head === undefined) heads.push(track);
    else relatives.set(head, [...relatives.get(head) ?? [], track]);
  }
  const order: number[] = [], placed = new Set<number>();
  const place = (track: number) => {
    if (placed.has(track)) return;
    placed.add(track);
    order.push(track);
    relatives.get(track)?.forEach(place);
  };
  heads.forEach(place);
  // Two that took each other in, at different times, have no head.
  summaries.forEach(({ track }) => place(track));
  return order;
}
