/** Edits on the command line, which names clusters by the ids of the map that the user sees. */

import {
  addEdit,
  type EditLog,
  type ProbePosition,
  redoEdits,
  undoEdits,
} from "../../library/cluster/editing/log.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import type { Cluster } from "../../library/cluster/cluster.ts";
import { notUnderstood, parseNumber, wholeNumberOf } from "../../library/parameters/number.ts";

/** One edit as the command line spells it, or a move of the cursor. */
export type EditStep =
  | { readonly kind: "merge"; readonly ids: readonly number[] }
  | { readonly kind: "split" | "exclude"; readonly id: number }
  | {
    readonly kind: "assign";
    readonly probes: readonly ProbePosition[];
    readonly target: number | "none" | "new";
  }
  | { readonly kind: "undo" | "redo"; readonly count: number };

const idRule = { expected: "the id of a cluster, a whole number from 0", minimum: 0, whole: true };

/**
 * Reads `ID,ID,…`, two ids or more.
 *
 * @throws {BadParameter} when the text is anything else, or an id comes twice
 */
export function parseMerge(text: string): EditStep {
  const ids = text.split(",").map((part) => wholeNumberOf(part.trim()));
  const known = ids.filter((id) => id !== undefined);
  if (known.length < 2 || known.length < ids.length || new Set(known).size < known.length) {
    throw notUnderstood("--merge", text, "two or more different ids of clusters, such as 3,7");
  }
  return { kind: "merge", ids: known };
}

/**
 * Reads the id of one cluster.
 *
 * @throws {BadParameter} when the text is anything else
 */
export function parseCluster(kind: "split" | "exclude", text: string): EditStep {
  return { kind, id: parseNumber(`--${kind}`, text, idRule) };
}

/**
 * Reads `ROW,COLUMN ROW,COLUMN …=ID`, with `none` or `new` in place of the id.
 *
 * @throws {BadParameter} when the text is anything else
 */
export function parseAssign(text: string): EditStep {
  const [left, right, ...more] = text.split("=").map((part) => part.trim());
  const target = right === "none" || right === "new" ? right : wholeNumberOf(right ?? "");
  const probes = (left === "" ? [] : left.split(/\s+/)).map((pair) => pair.split(",").map(wholeNumberOf));
  const fits = probes.length > 0 && probes.every((pair) => pair.length === 2 && !pair.includes(undefined));
  if (!fits || more.length > 0 || target === undefined) {
    throw notUnderstood(
      "--assign",
      text,
      'probe positions and where they go, "ROW,COLUMN ROW,COLUMN=ID", or none or new in place of ID',
    );
  }
  return { kind: "assign", probes: probes as unknown as ProbePosition[], target };
}

/**
 * Reads how many edits to undo or redo.
 *
 * @throws {BadParameter} when the text is no whole number of at least 1
 */
export function parseCount(kind: "undo" | "redo", text: string): EditStep {
  const rule = { expected: "a whole number of at least 1", minimum: 1, whole: true };
  return { kind, count: parseNumber(`--${kind}`, text, rule) };
}

/**
 * The log with the steps of a command line added. Ids are those of the map before the command: each stands for the
 * cluster that its seed lies in when its turn comes.
 *
 * @param clusters those of the map before the command
 * @param directory where the map lies, for messages
 * @throws {BadParameter} when an id does not exist, or there is less to undo or redo
 */
export function extendLog(
  log: EditLog,
  steps: readonly EditStep[],
  clusters: readonly Cluster[],
  directory: string,
): EditLog {
  /** Ids whose seeds earlier steps have moved elsewhere, so that they would name another cluster. */
  const moved = new Set<number>();
  const idAt = new Map(clusters.map(({ id, seed }) => [`${seed.row},${seed.column}`, id]));
  const seedOf = (id: number): ProbePosition => {
    const cluster = clusters[id];
    if (cluster === undefined) throw noSuchCluster(id, clusters.length, directory);
    if (moved.has(id)) throw seedMoved(id, cluster);
    return [cluster.seed.row, cluster.seed.column];
  };
  return steps.reduce((longer: EditLog, step) => {
    switch (step.kind) {
      case "merge":
        return addEdit(longer, { kind: "merge", clusters: step.ids.map(seedOf) });
      case "split":
      case "exclude":
        return addEdit(longer, { kind: step.kind, cluster: seedOf(step.id) });
      case "assign": {
        const { probes, target } = step;
        const cluster = typeof target === "number" ? seedOf(target) : target;
        for (const [row, column] of probes) {
          const id = idAt.get(`${row},${column}`);
          if (id !== undefined && id !== target) moved.add(id);
        }
        return addEdit(longer, { kind: "assign", probes, cluster });
      }
      case "undo":
        return undoEdits(longer, step.count);
      case "redo":
        return redoEdits(longer, step.count);
    }
  }, log);
}

function noSuchCluster(id: number, clusters: number, directory: string): BadParameter {
  return new BadParameter(`${directory} has no cluster ${id}`, {
    expected: clusters === 0 ? "no id: there are no clusters" : `an id from 0 to ${clusters - 1}`,
    found: String(id),
    remedy: "look the id up in clusters.csv or on the map of report.html",
  });
}

function seedMoved(id: number, { seed }: Cluster): BadParameter {
  return new BadParameter(`cluster ${id} has lost its seed to an --assign earlier in this command`, {
    expected: "edits that come before their clusters lose the seed",
    found: `the seed (${seed.row}, ${seed.column}) of cluster ${id} is assigned elsewhere`,
    remedy: "put the --assign last, or edit in two commands",
  });
}
