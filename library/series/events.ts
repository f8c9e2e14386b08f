/** What happens to tracks between frames. */

/**
 * - `split`: a region that came out of a track (its parent) and was nothing before
 * - `birth`: a region that appeared within the frame
 * - `enter`: one that appeared at the rim, or where drift brought the specimen in
 * - `merge`: a track that was taken in by another (its host)
 * - `vanish`: the same, but it had dwindled before: consumed, as in grain growth or dissolution beside another crystal
 * - `death`: a track that ended within the frame
 * - `leave`: one that ended at the rim, or where drift took the specimen out
 */
export type EventKind = "split" | "birth" | "enter" | "merge" | "vanish" | "death" | "leave";

/** Parts of one crystal have at least this cosine: 0.97 to 1 in simulated mergers, mostly 0.8 to 0.96 where regions were confused. */
const onePattern = 0.95;

/** Parts of what was one crystal and is two have less than this cosine: 0.1 to 0.5 in simulated twins that appeared. */
const stillOnePattern = 0.55;

/** Across a border that is new, neighbours were as alike as elsewhere: 0.9 to 1.2 in simulated twins that appeared. */
const newBorder = 1.25;

/** A border that differs so many times as much as others, and as it did, is new, also where its two sides are alike: 3 to 12 in such twins. */
const borderRise = 2.5;

/** What merges, splits or vanishes hands over its area: partners gain or lose 0.45 times as much or more in simulated series. */
const leastPassed = 0.4;

/** What another crystal consumes is less like it than this: -0.1 to 0.2 in simulated films, pieces of one crystal 0.3 to 0.8. */
const consumersPattern = 0.3;

/** Whether an event is doubtful. */
export function isDoubtful(
  { kind, cosine, unionCosine, borderBefore, borderNow, areaPassed }: Pick<
    TrackEvent,
    "kind" | "cosine" | "unionCosine" | "borderBefore" | "borderNow" | "areaPassed"
  >,
): boolean {
  if (kind === "vanish") return areaPassed < leastPassed && cosine >= consumersPattern;
  if (kind !== "merge" && kind !== "split") return false;
  const supported = kind === "merge" ? unionCosine >= onePattern : borderBefore < newBorder &&
    (!(unionCosine >= stillOnePattern) || borderNow >= borderRise * Math.max(1, borderBefore));
  return !supported || areaPassed < leastPassed;
}

/** Something that happened to a track. */
export interface TrackEvent {
  /** What it was. */
  readonly kind: EventKind;
  /** First frame after it. */
  readonly frame: number;
  /** The track that began or ended. */
  readonly track: number;
  /** Parent of a split, host of a merge or of what vanished; -1 = none. */
  readonly partner: number;
  /** Probes of the region that appeared, or of that which ended, in its last frame. */
  readonly size: number;
  /** Probes of the partner's region: before a split, after a merge; 0 = none. */
  readonly partnerSize: number;
  /** Weight and cosine of the region with its partner's (link_weights.ts); NaN without one. */
  readonly weight: number;
  /** See `weight`. */
  readonly cosine: number;
  /**
   * How alike the two are in the frame of the event. Of a merge: the area that the guest had and the rest of the region that
   * holds it now, where regions were found with the help of the frame before. Of a split: the two regions. NaN otherwise.
   */
  readonly unionCosine: number;
  /** Of a split: how much of the border was seen the frame before, and is seen now, see `borderSeen`; NaN otherwise. */
  readonly borderBefore: number;
  /** See `borderBefore`. */
  readonly borderNow: number;
  /** Whether the region that appeared, or ended, reaches the rim of its frame. */
  readonly atRim: boolean;
  /**
   * What the frame before the region appeared, or after it ended, shows at its place: how much of it, how much
   * of that is in regions there, and how much light in
   * what is in no region, see `Footprint`.
   */
  readonly seen: number;
  /** See `seen`. */
  readonly covered: number;
  /** See `seen`. */
  readonly light: number;
  /** Probes that the partner gained in a merge, or lost in a split, in parts of the region's; NaN where that is not known. */
  readonly areaPassed: number;
  /**
   * Whether the event is rather one of the segmentation. A merge: its two parts are not shown to be alike in the frame of the
   * event, as they are where crystals have become one. A split: the border is not shown to be new.
   */
  readonly doubtful: boolean;
  /** Middle of the region, in scan steps of the frame in which it was. */
  readonly row: number;
  /** See `row`. */
  readonly column: number;
  /** Whether the track may still come back: the series ended before it was forgotten. */
  readonly provisional: boolean;
}
