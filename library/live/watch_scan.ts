/** Following one scan while it is recorded: rows are compared as they come, and what is known of them is handed out. */

import type { ClusterParameters } from "../cluster/parameters.ts";
import type { Engine } from "../engine/engine.ts";
import { CorruptFile, FileUnavailable, throwIfAborted } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import type { LiveLabels } from "./growing_groups.ts";
import type { GrowingScan, PresentScan } from "./growing_scan.ts";
import { LiveClusters } from "./live_clusters.ts";
import { pause } from "./pause.ts";

/** Milliseconds between two looks at a file. */
const lookEvery = 100;
/**
 * Milliseconds between the beginnings of two label maps, at least: rows are in one within a second of their coming. Where a map
 * takes long, no more than this share of the time goes into them.
 */
const showEvery = 250, showShare = 0.6;
/** After how many milliseconds without a row a recording is called stalled. */
const stalledAfter = 60_000;

/** Looks, one after the other, at which the same rows could not be read. */
const mostFailures = 5;

/** How far a recording is. */
export interface RecordingState {
  readonly scan: Scan;
  readonly clusters: LiveClusters;
  /** Rows the scan is to have. */
  readonly announced: number;
  /** The clusters of the rows so far, where rows have come since the state before. */
  readonly labels?: LiveLabels;
  readonly stalled: boolean;
  /** Rows that came in each second, over the last seconds in which some did. */
  readonly rowsPerSecond: number;
}

/** How following ended. */
export interface RecordingEnd {
  /** Rows that were written; 0 where no scan came. */
  readonly rows: number;
  readonly announced: number;
  /** Whether the scan is whole. */
  readonly complete: boolean;
  /** Whether its file is shorter than it was to be. */
  readonly short: boolean;
  /** Whether there is more in the file than those rows: what was not written yet. */
  readonly unwritten: boolean;
}

/** What {@link followScan} goes by. */
export interface FollowSettings {
  readonly engine: Engine;
  /** How masks in files are read for a scan. */
  readonly parametersFor: (scan: Scan) => Promise<ClusterParameters>;
  /** Seconds without a new row after which it ends; default: never. */
  readonly idle?: number;
  /** Whether whoever records has ended: what is there then is all there will be. */
  readonly ended?: () => boolean;
  /** Told what is known, at most four times a second. */
  readonly show: (state: RecordingState) => void;
  readonly signal?: AbortSignal;
}

/**
 * Follows a scan until it is complete, or nothing came for too long.
 *
 * @throws {BadParameter} and {ShapeUnknown} as `openScan`, when more rows will not help
 * @throws {Aborted} when the signal fires
 */
export async function followScan(
  growing: GrowingScan,
  { engine, parametersFor, idle = Infinity, ended = () => false, show, signal }: FollowSettings,
): Promise<RecordingEnd> {
  const speed = new RowSpeed(), failures = { in: 0 };
  let clusters: LiveClusters | undefined, parameters: ClusterParameters | undefined;
  let wait = showEvery,
    beginnings = 0,
    came = performance.now(),
    shown = -Infinity,
    shownRows = 0,
    stalled = false;
  for (;;) {
    throwIfAborted(signal);
    // Asked first: what came before its end is seen by this look.
    const last = ended();
    const present = await growing.look(), now = performance.now();
    if (present) {
      const { scan, announced } = present, rows = present.rows;
      parameters ??= await parametersFor(scan);
      if (!clusters) clusters = new LiveClusters(engine, parameters, announced, scan.shape.columns);
      else if (present.beginnings !== beginnings) clusters.restart();
      beginnings = present.beginnings;
      if (rows > clusters.rows && await takes(clusters, present, failures, signal)) {
        came = performance.now();
        speed.take(clusters.rows, came);
      }
      const hasNews = clusters.rows !== shownRows;
      const nowStalled = !present.complete && now - came > stalledAfter;
      if (hasNews && performance.now() - shown >= wait || nowStalled !== stalled) {
        shown = performance.now();
        stalled = nowStalled;
        const labels = hasNews ? clusters.labels() : undefined;
        shownRows = clusters.rows;
        show({ scan, clusters, announced, labels, stalled, rowsPerSecond: speed.value });
        wait = Math.max(showEvery, (performance.now() - shown) / showShare);
      }
      const settled = clusters.rows === shownRows && growing.atRest;
      if (present.complete && settled) return endOf(present);
    }
    if (now - came > 1000 * idle || last && (clusters?.rows ?? 0) === (present?.rows ?? 0)) {
      return present ? endOf(present) : { rows: 0, announced: 0, ...nothing };
    }
    await pause(lookEvery, signal);
  }
}

/**
 * Compares the rows that have come.
 *
 * @returns whether they could be read: a file that was changed meanwhile is looked at again
 * @throws {CorruptFile} when they cannot be read though nothing changes
 */
async function takes(
  clusters: LiveClusters,
  { scan, rows }: PresentScan,
  failures: { in: number },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await clusters.take(scan, rows, { signal });
    failures.in = 0;
    return true;
  } catch (cause) {
    if (
      !(cause instanceof CorruptFile || cause instanceof FileUnavailable) || ++failures.in >= mostFailures
    ) {
      throw cause;
    }
    return false;
  }
}

function endOf({ scan, rows, announced, complete }: PresentScan): RecordingEnd {
  const short = scan.announcedRows !== undefined;
  return { rows, announced, complete, short, unwritten: rows < scan.shape.rows };
}

const nothing = { complete: false, short: false, unwritten: false };

/** The speed at which rows come, over some seconds. */
class RowSpeed {
  #seen: { readonly rows: number; readonly time: number }[] = [];

  take(rows: number, time: number): void {
    if (rows < (this.#seen.at(-1)?.rows ?? 0)) this.#seen = [];
    this.#seen.push({ rows, time });
    while (this.#seen.length > 2 && time - this.#seen[0].time > 5000) this.#seen.shift();
  }

  /** Rows in a second. */
  get value(): number {
    const first = this.#seen[0], last = this.#seen.at(-1);
    return first && last && last.time > first.time
      ? 1000 * (last.rows - first.rows) / (last.time - first.time)
      : 0;
  }
}
