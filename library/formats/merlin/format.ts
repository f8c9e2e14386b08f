/** Quantum Detectors Merlin: `.mib` files of frames, each behind a header, and a `.hdr` beside them. */

import { CorruptFile } from "../../scan/errors.ts";
import type { OpenOptions } from "../format.ts";
import { recordFormat } from "../frames/record_format.ts";
import type { FrameRecords } from "../frames/records.ts";
import { type Acquisition, describesAcquisition } from "./acquisition.ts";
import { beginsWithFrame, type FrameHeader, type Moment } from "./frame_header.ts";
import { closeAll, headerOf, type MerlinPart, type MerlinRecording, openRecording } from "./parts.ts";
import { type ScanLines, scanLines } from "./scan_lines.ts";

/** Merlin, of one chip or several. Patterns have the rows in the order of the file. */
export const merlinFormat = recordFormat({
  name: "Merlin .mib with its .hdr",
  label: "Merlin",
  endings: ["mib"],
  recognises: (file) => beginsWithFrame(file.head) || describesAcquisition(file),
  records(file, options) {
    const recording = openRecording(file);
    try {
      return recordsOf(recording, options);
    } finally {
      closeAll(recording.parts);
    }
  },
});

function recordsOf({ parts, acquisition }: MerlinRecording, { scanShape }: OpenOptions): FrameRecords {
  const [{ first, pixels, depth }] = parts;
  const frames = parts.reduce((sum, part) => sum + part.frames, 0);
  const lines = acquisition && !scanShape
    ? scanLines(frames, acquisition, (frame) => timeOf(parts, frame))
    : undefined;
  return {
    files: parts.map(({ source: { path } }) => ({ path })),
    header: first.bytes,
    ...pixels,
    ...(lines ? describeScan(lines) : { planned: acquisition?.count("Frames in Acquisition") }),
    warnings: [
      ...lines?.warnings ?? [],
      ...parts.flatMap((part) => checkLast(first, part)),
      ...(pixels.packed?.chips === 4 && depth === 24 ? [unchecked] : []),
    ],
    notes: { ...notesOf(first, depth, acquisition), ...(parts.length > 1 && { frameFiles: parts.length }) },
  };
}

/** When a frame was taken, counted from 0 over all files. */
function timeOf(parts: readonly MerlinPart[], frame: number): Moment | undefined {
  let place = frame;
  for (const part of parts) {
    if (place < part.frames) return headerOf(part, place).time;
    place -= part.frames;
  }
  return undefined;
}

/** Readers that we could compare with refuse these. */
const unchecked =
  "RAW frames of 24 bits are made of four chips as those of 12 bits are, which was checked on no recording";

function describeScan({ rows, columns, source, complete }: ScanLines): Partial<FrameRecords> {
  return { scan: { rows, columns }, scanSource: source, ...(complete && { planned: rows * columns }) };
}

/**
 * Warnings about frames that were lost, by their numbers.
 *
 * @throws {CorruptFile} when the last frame is of another kind than the first
 */
function checkLast(kind: FrameHeader, { first, last, frames, source: { path: file } }: MerlinPart): string[] {
  const kindOf = ({ bytes, rows, columns, kind }: FrameHeader) =>
    `${rows} x ${columns} ${kind} after ${bytes}`;
  if (kindOf(kind) !== kindOf(last)) {
    throw new CorruptFile(`${file} changes the kind of its frames`, {
      file,
      expected: kindOf(kind),
      found: kindOf(last),
      remedy: "copy the file again, or split it where another acquisition begins",
    });
  }
  const lost = last.number - first.number + 1 - frames;
  return lost === 0 ? [] : [
    `the frames of ${file} are numbered ${first.number} to ${last.number}, but there are ${frames}: ` +
    "positions after a lost frame are shifted",
  ];
}

function notesOf(
  { exposure, timeText, layout, kind }: FrameHeader,
  depth: number | undefined,
  acquisition: Acquisition | undefined,
): FrameRecords["notes"] {
  const bias = acquisition?.text("Sensor Bias"), software = acquisition?.text("Software Version");
  const threshold = Number(acquisition?.text("Thresholds")?.split(",")[0]);
  const counters = acquisition?.text("Active Counters");
  return {
    ...(acquisition && { description: acquisition.name }),
    ...(timeText && { acquired: timeText }),
    ...(exposure && { exposureMs: exposure * 1e3 }),
    ...(depth && { counterDepth: depth }),
    pixelKind: kind,
    ...(/^[\w]{1,16}$/.test(layout) && { chipLayout: layout }),
    ...(counters && { activeCounters: counters }),
    ...(threshold > 0 && { thresholdKeV: threshold }),
    ...(bias && { sensorBias: bias }),
    ...(software && { software }),
  };
}
