/** What it means that a region has no past, or no future: judged from the two frames between which it happened. */

import type { NotedEvent } from "./event_log.ts";
import type { EventKind } from "./events.ts";
import { footprint } from "./footprint.ts";
import { mostCommon, type PairedFrames } from "./link_weights.ts";
import type { RegionFrame, Shift } from "./region_frame.ts";

/** Part of a region that must lie on another for the one to have come out of it, or gone into it. */
const contained = 0.5;
/** The same where the two are known to be alike in the frame in which they are one region. */
const alikeContained = 0.3, alike = 0.9;

/** What a frame that was lost shows of the place of a region. */
export const unseen = { seen: 0, covered: NaN, light: NaN };

/** Two frames that follow each other, and which track each of their regions has. */
export interface FramesBetween {
  readonly before: RegionFrame;
  readonly now: RegionFrame;
  readonly tracksBefore: Int32Array;
  readonly tracksNow: Int32Array;
  readonly pairs: PairedFrames;
  /** Of the specimen from the one to the other. */
  readonly shift: Shift;
}

/** An event, but for its frame and track. */
export interface JudgedEvent {
  readonly kind: EventKind;
  readonly noted: Omit<NotedEvent, "frame" | "track">;
}

/** What a region of the later frame without a past is: it split off, came in or was born. */
export function judgeBeginning(between: FramesBetween, region: number): JudgedEvent {
  const { before, now, tracksBefore, tracksNow, pairs, shift } = between, visible = pairs.visibleNow[region];
  const { seen, covered, light } = footprint(now, region, before, opposite(shift));
  const noted = { ...describe(now, region), seen, covered, light };
  const source = mostCommon(pairs.pairs.filter((pair) => pair.now === region));
  if (!source || visible === 0 || source.common < contained * visible) {
    return { kind: now.reachesRim(region, shift) ? "enter" : "birth", noted };
  }
  const { weight, cosine } = source, whole = source.before;
  const partner = tracksBefore[whole], rest = tracksNow.indexOf(partner);
  const lost = pairs.visibleBefore[whole] - (rest < 0 ? 0 : pairs.visibleNow[rest]);
  const partnered = { partner, partnerSize: before.sizes[whole], weight, cosine, areaPassed: lost / visible };
  const border = rest < 0 ? undefined : now.borderSeen([region, rest], whole);
  const compared = border && {
    unionCosine: now.cosine(region, rest),
    ...{ borderBefore: border.before, borderNow: border.now },
  };
  return { kind: "split", noted: { ...noted, ...partnered, ...compared } };
}

/**
 * What became of a region of the earlier frame without a future: it merged, was consumed, left or died.
 *
 * @param dwindled whether its track had dwindled to so many probes
 */
export function judgeEnd(
  between: FramesBetween,
  region: number,
  dwindled: (size: number) => boolean,
): JudgedEvent {
  const { before, now, tracksBefore, tracksNow, pairs, shift } = between,
    visible = pairs.visibleBefore[region];
  const { seen, covered, light } = footprint(before, region, now, shift);
  const noted = { ...describe(before, region), seen, covered, light };
  const taker = mostCommon(pairs.pairs.filter((pair) => pair.before === region));
  const unionCosine = taker && now.unionCosine(taker.now, region) || NaN;
  const needed = (unionCosine >= alike ? alikeContained : contained) * visible;
  if (!taker || visible === 0 || taker.common < needed) {
    return { kind: before.reachesRim(region, opposite(shift)) ? "leave" : "death", noted };
  }
  const { weight, cosine } = taker, partner = tracksNow[taker.now], host = tracksBefore.indexOf(partner);
  const gained = pairs.visibleNow[taker.now] - (host < 0 ? NaN : pairs.visibleBefore[host]);
  const partnered = { partner, partnerSize: now.sizes[taker.now], weight, cosine, unionCosine };
  return {
    kind: dwindled(visible) ? "vanish" : "merge",
    noted: { ...noted, ...partnered, areaPassed: gained / visible },
  };
}

function opposite({ row, column }: Shift): Shift {
  return { row: -row, column: -column };
}

function describe(frame: RegionFrame, region: number) {
  return { size: frame.sizes[region], ...frame.centroid(region), atRim: frame.reachesRim(region) };
}
