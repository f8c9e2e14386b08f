/** Edit logs from outside: hostile until they are parsed. */

import { CorruptFile } from "../../scan/errors.ts";
import { type Edit, type EditLog, mostOperations, type ProbePosition } from "./log.ts";

/** An edit moves or joins at most this many positions. */
const mostPositions = 10_000_000;

/**
 * Turns parsed JSON into an edit log. What is not part of a log is refused, not dropped; whether positions lie in the
 * scan shows when the log is applied.
 *
 * @param value what `JSON.parse` gave
 * @param file where it came from, for messages
 * @throws {CorruptFile} naming the first thing that is not as it should be
 *
 * @example
 * ```ts
 * import { parseEditLog } from "crystallite";
 *
 * const text = '{"version": 1, "operations": [{"kind": "split", "cluster": [3, 4]}], "cursor": 1}';
 * console.assert(parseEditLog(JSON.parse(text), "edits.json").operations[0].kind === "split");
 * ```
 */
export function parseEditLog(value: unknown, file: string): EditLog {
  const refuse = (what: string, expected: string, found: unknown): never => {
    throw new CorruptFile(`${file} is not an edit log: ${what}`, {
      file,
      expected,
      found: describe(found),
      remedy: "use an edits.json as crystallite writes it",
    });
  };
  const log = fieldsOf(value, ["version", "operations", "cursor"], "the log", refuse);
  if (log.version !== 1) refuse("its version is not known", "version 1", log.version);
  const { operations, cursor } = log;
  if (!Array.isArray(operations) || operations.length > mostOperations) {
    return refuse(
      "its operations are no list, or too long",
      `up to ${mostOperations} operations`,
      operations,
    );
  }
  const most = operations.length;
  if (!(typeof cursor === "number" && Number.isInteger(cursor) && cursor >= 0 && cursor <= most)) {
    return refuse("its cursor is not a place in it", `0 to ${most}`, cursor);
  }
  return {
    version: 1,
    operations: operations.map((operation, index) =>
      parseEdit(
        operation,
        (what, expected, found) => refuse(`operation ${index + 1}: ${what}`, expected, found),
      )
    ),
    cursor,
  };
}

type Refuse = (what: string, expected: string, found: unknown) => never;

function parseEdit(value: unknown, refuse: Refuse): Edit {
  const kind = isObject(value) ? value.kind : undefined;
  switch (kind) {
    case "merge": {
      const { clusters } = fieldsOf(value, ["kind", "clusters"], "a merge", refuse);
      return { kind, clusters: parsePositions(clusters, 2, refuse) };
    }
    case "split": {
      const names = ["kind", "cluster", "minimumSize"];
      const { cluster, minimumSize } = fieldsOf(value, names, "a split", refuse);
      const position = parsePosition(cluster, refuse);
      if (minimumSize === undefined) return { kind, cluster: position };
      if (!(typeof minimumSize === "number" && Number.isSafeInteger(minimumSize) && minimumSize >= 1)) {
        return refuse("its minimum size is no number of probes", "a whole number of at least 1", minimumSize);
      }
      return { kind, cluster: position, minimumSize };
    }
    case "exclude": {
      const { cluster } = fieldsOf(value, ["kind", "cluster"], "an exclusion", refuse);
      return { kind, cluster: parsePosition(cluster, refuse) };
    }
    case "assign": {
      const { probes, cluster } = fieldsOf(value, ["kind", "probes", "cluster"], "an assignment", refuse);
      const target = cluster === "none" || cluster === "new" ? cluster : parsePosition(cluster, refuse);
      return { kind, probes: parsePositions(probes, 1, refuse), cluster: target };
    }
    default:
      return refuse("it is no edit that we know", "merge, split, exclude or assign", kind ?? value);
  }
}

function parsePositions(value: unknown, fewest: number, refuse: Refuse): ProbePosition[] {
  if (!Array.isArray(value) || value.length < fewest || value.length > mostPositions) {
    const expected = `a list of ${fewest} or more, at most ${mostPositions}`;
    return refuse("it does not name its probe positions", expected, value);
  }
  return value.map((position) => parsePosition(position, refuse));
}

function parsePosition(value: unknown, refuse: Refuse): ProbePosition {
  const fits = Array.isArray(value) && value.length === 2 &&
    value.every((index) => Number.isSafeInteger(index) && index >= 0);
  return fits
    ? [value[0], value[1]]
    : refuse("a probe position is wrong", "[row, column], whole numbers from 0", value);
}

/** The fields of an object that has no others. */
function fieldsOf(value: unknown, names: readonly string[], what: string, refuse: Refuse) {
  if (!isObject(value)) return refuse(`${what} is no object`, `an object with ${names.join(", ")}`, value);
  const stranger = Object.keys(value).find((name) => !names.includes(name));
  if (stranger !== undefined) return refuse(`${what} has a field too many`, names.join(", "), stranger);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What was found, short enough for a message. */
function describe(value: unknown): string {
  if (Array.isArray(value) && value.length > 4) return `a list of ${value.length}`;
  return (JSON.stringify(value) ?? "nothing").slice(0, 100);
}
