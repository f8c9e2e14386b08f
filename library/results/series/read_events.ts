/** `events.csv` of a series, read back. */

import { join } from "node:path";
import { CorruptFile } from "../../scan/errors.ts";
import { readText } from "../../scan/text_file.ts";

/** An event as the table has it. */
export interface StoredEvent {
  readonly kind: string;
  readonly frame: number;
  readonly track: number;
  /** -1 = none. */
  readonly partner: number;
  /** Whether the event is doubtful, and whether it may be taken back. */
  readonly doubtful: boolean;
  /** See `doubtful`. */
  readonly provisional: boolean;
}

/**
 * Reads the events of a series.
 *
 * @param directory of the series
 * @throws {FileUnavailable} when the table is missing
 * @throws {CorruptFile} when it is no table of events
 */
export async function readStoredEvents(directory: string): Promise<StoredEvent[]> {
  const path = join(directory, "events.csv");
  const text = await readText(path);
  const [header, ...lines] = text.trimEnd().split("\n").map((line) => line.split(","));
  const place = (name: string) => header.indexOf(name);
  const needed = ["event", "frame", "track", "partner", "provisional", "doubtful"];
  const whole = lines.every((line) =>
    line.length === header.length &&
    [line[place("frame")], line[place("track")]].every((cell) => /^\d+$/.test(cell))
  );
  if (!needed.every((name) => place(name) >= 0) || !whole) {
    throw new CorruptFile(`${path} is no table of events`, {
      file: path,
      expected: `columns ${needed.join(", ")}`,
      found: header.join(",").slice(0, 100),
      remedy: "link the series again, with crystallite series",
    });
  }
  return lines.map((line): StoredEvent => ({
    kind: line[place("event")],
    frame: Number(line[place("frame")]),
    track: Number(line[place("track")]),
    partner: line[place("partner")] === "" ? -1 : Number(line[place("partner")]),
    doubtful: line[place("doubtful")] === "1",
    provisional: line[place("provisional")] === "1",
  }));
}
