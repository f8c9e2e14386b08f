/** The log of a user's corrections: plain data that survives in JSON, with a cursor for undo and redo. */

import { BadParameter } from "../../scan/errors.ts";

/** A probe position: row and column of the scan, from 0. */
export type ProbePosition = readonly [row: number, column: number];

/**
 * One correction of a cluster map. Clusters are named by a probe position in them, not by an id: ids change with every
 * edit and every threshold. It is the seed of the cluster at the time of the edit, its most coherent probe; any other
 * of its probes would name the same cluster.
 */
export type Edit =
  /** Makes one cluster of several. */
  | { readonly kind: "merge"; readonly clusters: readonly ProbePosition[] }
  /** Cuts a cluster in two at its weakest link; each part keeps `minimumSize` probes or more (default: the run's). */
  | { readonly kind: "split"; readonly cluster: ProbePosition; readonly minimumSize?: number }
  /** Dissolves a cluster: its probes are in none. */
  | { readonly kind: "exclude"; readonly cluster: ProbePosition }
  /** Moves probes to a cluster, to none, or to a cluster of their own. Probes outside the mask may be moved too. */
  | {
    readonly kind: "assign";
    readonly probes: readonly ProbePosition[];
    readonly cluster: ProbePosition | "none" | "new";
  };

/** All corrections of a map in their order. Those from `cursor` on are undone: they can be redone, but do not hold. */
export interface EditLog {
  /** Layout of the log. */
  readonly version: 1;
  /** The corrections, first to last. */
  readonly operations: readonly Edit[];
  /** How many of the operations hold. */
  readonly cursor: number;
}

/** A log holds no more operations than this. */
export const mostOperations = 100_000;

/** The log of a map that nobody has corrected. */
export const emptyEditLog: EditLog = { version: 1, operations: [], cursor: 0 };

/**
 * The log with one more correction; what was undone can no longer be redone.
 *
 * @throws {BadParameter} when the log is full
 *
 * @example
 * ```ts
 * import { addEdit, emptyEditLog } from "crystallite";
 *
 * const log = addEdit(emptyEditLog, { kind: "merge", clusters: [[3, 4], [10, 2]] });
 * console.assert(log.operations.length === 1 && log.cursor === 1);
 * ```
 */
export function addEdit({ operations, cursor }: EditLog, edit: Edit): EditLog {
  if (cursor >= mostOperations) {
    throw new BadParameter(`an edit log holds at most ${mostOperations} operations`, {
      expected: `up to ${mostOperations} operations`,
      found: String(cursor + 1),
      remedy: "cluster again with better parameters, or start a new log",
    });
  }
  return { version: 1, operations: [...operations.slice(0, cursor), edit], cursor: cursor + 1 };
}

/**
 * The log with its last corrections undone.
 *
 * @throws {BadParameter} when fewer than `count` corrections hold
 *
 * @example
 * ```ts
 * import { addEdit, emptyEditLog, redoEdits, undoEdits } from "crystallite";
 *
 * const log = addEdit(emptyEditLog, { kind: "exclude", cluster: [0, 0] });
 * console.assert(undoEdits(log).cursor === 0 && redoEdits(undoEdits(log)).cursor === 1);
 * ```
 */
export function undoEdits<Log extends { readonly operations: readonly unknown[]; readonly cursor: number }>(
  log: Log,
  count = 1,
): Log {
  demandCount("undo", "undone", count, log.cursor);
  return { ...log, cursor: log.cursor - count };
}

/**
 * The log with the corrections that were undone last in force again.
 *
 * @throws {BadParameter} when fewer than `count` corrections are undone
 *
 * @example
 * ```ts
 * import { addEdit, emptyEditLog, redoEdits, undoEdits } from "crystallite";
 *
 * const log = addEdit(emptyEditLog, { kind: "exclude", cluster: [0, 0] });
 * console.assert(redoEdits(undoEdits(log)).cursor === log.cursor);
 * ```
 */
export function redoEdits<Log extends { readonly operations: readonly unknown[]; readonly cursor: number }>(
  log: Log,
  count = 1,
): Log {
  demandCount("redo", "redone", count, log.operations.length - log.cursor);
  return { ...log, cursor: log.cursor + count };
}

function demandCount(action: string, done: string, count: number, most: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= most) return;
  throw new BadParameter(
    `cannot ${action} ${count} ${count === 1 ? "operation" : "operations"}: ${
      most === 0 ? "none" : most
    } can be ${done}`,
    {
      expected: most === 0 ? `no ${action}` : `1 to ${most}`,
      found: String(count),
      remedy: most === 0 ? `leave the ${action} out` : `${action} at most ${most}`,
    },
  );
}

/** Positions that a description names before it only counts. */
const namedPositions = 4;

/** A correction in words, such as `merge the clusters at (3, 4) and (10, 2)`. */
export function describeEdit(edit: Edit): string {
  switch (edit.kind) {
    case "merge":
      return `merge the clusters at ${formatPositions(edit.clusters)}`;
    case "split":
      return `split the cluster at ${formatPosition(edit.cluster)}`;
    case "exclude":
      return `exclude the cluster at ${formatPosition(edit.cluster)}`;
    case "assign":
      return `assign ${edit.probes.length === 1 ? "probe" : "probes"} ${formatPositions(edit.probes)} to ${
        typeof edit.cluster === "string"
          ? (edit.cluster === "new" ? "a new cluster" : "none")
          : `the cluster at ${formatPosition(edit.cluster)}`
      }`;
  }
}

/** A probe position in words, `(row, column)`. */
export function formatPosition([row, column]: ProbePosition): string {
  return `(${row}, ${column})`;
}

function formatPositions(positions: readonly ProbePosition[]): string {
  const named = positions.slice(0, namedPositions).map(formatPosition);
  const more = positions.length - named.length;
  if (more > 0) return `${named.join(", ")} and ${more} more`;
  return named.length < 2 ? named.join() : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}
