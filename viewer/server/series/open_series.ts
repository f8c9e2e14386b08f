/** A series that is open. */

import { basename, join } from "node:path";
import { is, literal, object } from "valibot";
import { runRecordName } from "../../../library/results/directory.ts";
import { NpyReader } from "../../../library/results/npy_reader.ts";
import { storedShape } from "../../../library/results/stored_array.ts";
import type { StoredTracks } from "../../../library/results/series/stored_tracks.ts";
import { parseJson } from "../../../library/scan/parse_json.ts";
import { BadParameter, CorruptFile } from "../../../library/scan/errors.ts";
import type { OpenedSeries, RegionAverageHeader, SeriesFrame } from "../../protocol/series.ts";
import { ServingError } from "../failures.ts";
import { admitServed } from "../files/linked_files.ts";
import type { Roots } from "../files/roots.ts";
import type { SeriesContent } from "./series_content.ts";

/** The average pattern of a region, float32 (row, column). */
export interface RegionAverage extends RegionAverageHeader {
  readonly pattern: Float32Array<ArrayBuffer>;
}

/** One open series. Close it. */
export class OpenSeries {
  readonly id = crypto.randomUUID().slice(0, 8);
  /** Id of the run over its frames that goes on. */
  run?: string;
  /** Answers that are being worked on. */
  uses = 0;
  #frames: readonly SeriesFrame[];
  /** What the averages of each frame are of, as far as it was needed. */
  readonly #kinds: RegionAverageHeader["kind"][] = [];

  constructor(readonly content: SeriesContent) {
    this.#frames = content.frames;
  }

  get frames(): readonly SeriesFrame[] {
    return this.#frames;
  }

  /** Takes what became of a frame. */
  replaceFrame(frame: number, is: SeriesFrame): void {
    this.#frames = this.#frames.with(frame, is);
  }

  /** What the page gets to know. */
  describe(): OpenedSeries {
    const { path, input, axis, stored } = this.content;
    return {
      ...{ series: this.id, path, name: basename(path), input, frames: this.#frames, axis },
      linked: stored !== undefined,
      ...stored && { restlessness: stored.record.restlessness },
      ...this.run !== undefined && { run: this.run },
    };
  }

  /**
   * Its tracks.
   *
   * @throws {ServingError} when there are none
   */
  demandTracks(): StoredTracks {
    if (this.content.stored) return this.content.stored;
    throw new ServingError("NotFound", `${this.content.path} has no tracks yet`, {
      file: this.content.path,
      remedy: "run all frames first",
    });
  }

  /**
   * A frame that there is.
   *
   * @throws {BadParameter} when there is no such frame
   */
  checkFrame(frame: number): number {
    const { length } = this.#frames;
    if (frame < length) return frame;
    throw new BadParameter(`there is no frame ${frame}`, {
      expected: `a frame from 0 to ${length - 1}`,
      found: String(frame),
      remedy: "choose another frame",
    });
  }

  /**
   * The average pattern of a cluster of a frame, as its result has it.
   *
   * @throws {FileUnavailable} when the result has no averages
   * @throws {CorruptFile} when the frame was changed after the series was linked
   */
  average(roots: Roots, frame: number, cluster: number): RegionAverage {
    const stored = this.demandTracks(), directory = this.#frames[this.checkFrame(frame)].open?.path;
    const region = stored.cluster.findIndex((own, index) => own === cluster && stored.frame[index] === frame);
    if (region < 0 || directory === undefined) {
      throw new BadParameter(`there is no cluster ${cluster} in frame ${frame}`, {
        expected: "a cluster of that frame",
        found: String(cluster),
        remedy: "reload the page",
      });
    }
    const labels = join(directory, "labels.npy"), averages = join(directory, "averages.npy");
    const record = join(directory, runRecordName);
    for (const path of [labels, averages, record]) admitServed(roots, directory)(path);
    const [, row, column] = stored.placeOf(region), { rows, columns } = stored.shape;
    const [label] = readPart(labels, "i32", [rows, columns], row * columns + column, 1);
    const shape = storedShape(averages), pixels = shape[1] * shape[2];
    if (label !== cluster || shape.length !== 3 || cluster >= shape[0]) throw changed(directory);
    const pattern = readPart(averages, "f32", shape, cluster * pixels, pixels) as Float32Array<ArrayBuffer>;
    this.#kinds[frame] ??= averageKind(record);
    return { pattern, kind: this.#kinds[frame] };
  }

  /** Closes its files. */
  close(): void {
    this.content.stored?.close();
  }
}

function readPart(
  path: string,
  dtype: "i32" | "f32",
  shape: readonly number[],
  first: number,
  count: number,
) {
  const reader = NpyReader.open(path, dtype, shape);
  try {
    return reader.read(first, count);
  } finally {
    reader.close();
  }
}

/** Whether the averages of a result are of filtered patterns, by its record. */
function averageKind(record: string): RegionAverageHeader["kind"] {
  const run: unknown = parseJson(Deno.readTextFileSync(record));
  const filtered = object({ parameters: object({ average: literal("filtered") }) });
  return is(filtered, run) ? "filtered" : "raw";
}

function changed(directory: string): CorruptFile {
  return new CorruptFile(`${directory} was changed after the series was linked`, {
    file: directory,
    expected: "clusters as they were linked",
    found: "others",
    remedy: "link the series again, with crystallite series",
  });
}
