/** Scores as JSON lines: one for each scan and method. */

import { scoreLabels, type SegmentationScore } from "crystallite";
import type { Method, Outcome, Subject } from "./methods.ts";

/** One method on one scan. */
export interface QualityRecord extends Pick<Outcome, "stability" | "threshold" | "extra"> {
  /** Which seeds, or whose data. */
  readonly set: string;
  readonly group: string;
  readonly condition: string;
  readonly seed: number;
  readonly method: string;
  /** Of the method alone; little where it looks at another one's run. */
  readonly seconds: number;
  readonly score: SegmentationScore;
}

/** The scan that a record is about. */
export type RecordPlace = Pick<QualityRecord, "set" | "group" | "condition" | "seed">;

/** Runs a method and scores what it gives. */
async function measure(method: Method, subject: Subject, place: RecordPlace): Promise<QualityRecord> {
  const { rows, columns } = subject.scan.shape, { truth, purity } = subject;
  const start = performance.now();
  const { labels, stability, threshold, extra } = await method.run(subject);
  const seconds = Math.round(performance.now() - start) / 1000;
  const score = scoreLabels({ rows, columns, labels, truth, purity });
  return { ...place, method: method.name, seconds, stability, threshold, extra, score };
}

/** Records of a file, none where there is no file. A line that was cut off when a run was stopped is left out. */
export function readRecords(path: string): QualityRecord[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw cause;
  }
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as QualityRecord];
    } catch {
      return [];
    }
  });
}

/** Adds one record; several processes may add to the same file. */
function appendRecord(path: string, record: QualityRecord): void {
  Deno.writeTextFileSync(path, JSON.stringify(record) + "\n", { append: true });
}

/** What tells records of a file apart. */
export function keyOf({ set, condition, seed, method }: Omit<QualityRecord, "score" | "seconds" | "group">) {
  return [set, condition, seed, method].join("|");
}

/** Runs what a file does not have yet. */
export async function measureMissing(
  path: string,
  place: RecordPlace,
  methods: readonly Method[],
  done: ReadonlySet<string>,
  subject: () => Promise<Subject>,
): Promise<void> {
  const missing = methods.filter(({ name }) => !done.has(keyOf({ ...place, method: name })));
  if (missing.length === 0) return;
  const made = await subject();
  for (const method of missing) {
    const record = await measure(method, made, place);
    appendRecord(path, record);
    const { all, interiors } = record.score;
    console.error(
      `${place.condition}, seed ${place.seed}, ${method.name}: ${all.adjustedRandIndex.toFixed(3)}` +
        ` ${interiors?.adjustedRandIndex.toFixed(3) ?? ""} (${record.seconds.toFixed(1)} s)`,
    );
  }
  made.scan.close();
}
