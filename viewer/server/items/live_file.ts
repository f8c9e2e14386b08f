/** A folder in which a recording is watched, as something that is open: its rows come by a run, its patterns not before the end. */

import { basename } from "node:path";
import { isResultDirectory } from "../../../library/results/directory.ts";
import { type LiveRecord, readLiveRecord, readLiveSimilarities } from "../../../library/live/live_folder.ts";
import { pause } from "../../../library/live/pause.ts";
import { FileUnavailable, OutOfResources } from "../../../library/scan/errors.ts";
import { formatShape, probeCount } from "../../../library/scan/shape.ts";
import type { Run } from "../runs/run.ts";
import type { Item, ItemContent } from "./item.ts";
import { OpenFile } from "./open_file.ts";

/** Probes of the largest recording whose similarities are kept, 16 bytes each. */
const mostProbes = 2 ** 25;
/** Rows that are read at a time. */
const rowsAtOnce = 1024;
/** Milliseconds between two looks. */
const lookEvery = 250;
/** After how many milliseconds without a record of ours a folder is taken for gone: a result takes its place at once. */
const goneAfter = 5000;

/**
 * The recording in a folder.
 *
 * @throws {OutOfResources} when it is too large to be followed
 */
export function liveFile(path: string, record: LiveRecord): OpenFile {
  const { shape, dtype, input } = record;
  if (!(probeCount(shape) <= mostProbes) || probeCount(shape) === 0) {
    throw new OutOfResources(`${path} is of a recording of ${formatShape(shape)}, too large to be followed`, {
      file: path,
      expected: `at most ${mostProbes} probe positions`,
      found: `${shape.rows} x ${shape.columns}`,
      remedy: "open the result when the recording has ended",
    });
  }
  const content: ItemContent = {
    path,
    ...{ input: [], asked: { input: [] } },
    facts: { shape, dtype, calibration: {}, source: { format: "recording", path: input }, warnings: [] },
    scan: { why: `${basename(input)} is still being recorded` },
    badPixels: { kind: "none" },
    recording: record.state,
  };
  return new OpenFile(content);
}

/**
 * Gives a run what comes in a folder, until there is a result.
 *
 * @param result opens it
 * @returns the item of the result; nothing when the run was cancelled
 * @throws {FileUnavailable} when the folder is gone, or the result is of fewer rows
 */
export async function followLive(
  item: Item,
  run: Run,
  result: () => Promise<OpenFile>,
): Promise<Item | undefined> {
  const { path } = item.content, { rows, columns } = item.shape;
  let next = 0, beginnings: number | undefined, seen = performance.now();
  while (!run.signal.aborted) {
    const record = await readLiveRecord(path);
    if (record && record.shape.rows === rows && record.shape.columns === columns) {
      seen = performance.now();
      if (record.beginnings !== beginnings) next = 0;
      beginnings = record.beginnings;
      run.takeProgress({ stage: stages[record.state], done: record.comparedRows, total: rows });
      while (next < Math.min(rows, record.comparedRows)) {
        const end = Math.min(next + rowsAtOnce, record.comparedRows, rows);
        const forward = await readLiveSimilarities(path, columns, next, end);
        const now = await readLiveRecord(path);
        // Rows of another beginning are not shown.
        if (!forward || now?.beginnings !== beginnings) break;
        run.takeRows(next, end - next, forward);
        next = end;
      }
    } else if (await isResultDirectory(path)) {
      const found = await result();
      if (found.content.facts.shape.rows !== rows) throw otherRows(path, rows, found);
      return item.file.become(found.content);
    } else if (record || performance.now() - seen > goneAfter) throw gone(path);
    await pause(lookEvery, run.signal);
  }
}

const stages = { recording: "rows", stalled: "rows, none of which come", clustering: "clustering" } as const;

function otherRows(path: string, announced: number, found: OpenFile): FileUnavailable {
  const { rows } = found.content.facts.shape;
  found.close();
  return new FileUnavailable(`the recording ended after ${rows} of ${announced} rows`, {
    file: path,
    remedy: "open the folder again: it holds the result of those rows",
  });
}

function gone(path: string): FileUnavailable {
  return new FileUnavailable(`${path} is not the folder of this recording any more`, {
    file: path,
    remedy: "open it again, if it is there",
  });
}
