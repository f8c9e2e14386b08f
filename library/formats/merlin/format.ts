/** Quantum Detectors Merlin: `.mib` files of frames, each behind a header, and a `.hdr` beside them. */

import { type ByteSource, FileSource, readBytes } from "../../scan/byte_source.ts";
import { CorruptFile, FileUnavailable } from "../../scan/errors.ts";
import type { FileContext } from "../file_context.ts";
import type { OpenOptions } from "../format.ts";
import { recordFormat } from "../frames/record_format.ts";
import type { FrameRecords } from "../frames/records.ts";
import { type Acquisition, describesAcquisition, readAcquisition } from "./acquisition.ts";
import { beginsWithFrame, type FrameHeader, longestHeader, readFrameHeader } from "./frame_header.ts";
import { frameBytes, pixelsOf } from "./pixels.ts";
import { type ScanLines, scanLines } from "./scan_lines.ts";

/** Merlin, of one chip or several. Patterns have the rows in the order of the file. */
export const merlinFormat = recordFormat({
  name: "Merlin .mib with its .hdr",
  label: "Merlin",
  endings: ["mib"],
  recognises: (file) => beginsWithFrame(file.head) || describesAcquisition(file),
  records(file, options) {
    const path = beginsWithFrame(file.head) ? file.path : framesBeside(file);
    const source = FileSource.open(path);
    try {
      return recordsOf(source, readAcquisition(file), options);
    } finally {
      source.close();
    }
  },
});

/** The `.mib` of a `.hdr`. */
function framesBeside({ name, path, beside }: FileContext): string {
  const stem = name.replace(/\.[^.]*$/, ""), wanted = `${stem}.mib`;
  const found = beside.file(wanted) ?? beside.file(`${stem}.MIB`);
  if (found !== undefined) return found;
  throw new FileUnavailable(`the frames of ${path} are missing`, {
    file: path,
    expected: wanted,
    found: "no such file",
    remedy: `put ${wanted} beside it`,
  });
}

function recordsOf(
  source: ByteSource,
  acquisition: Acquisition | undefined,
  { scanShape }: OpenOptions,
): FrameRecords {
  const { path, size } = source;
  const headerAt = (offset: number) =>
    readFrameHeader(readBytes(source, offset, Math.min(longestHeader, size - offset)), path, offset);
  const header = headerAt(0), depth = header.depth ?? acquisition?.count("Counter Depth");
  const pixels = pixelsOf(header, depth, path);
  const recordBytes = header.bytes + frameBytes(pixels), frames = Math.floor(size / recordBytes);
  const last = frames > 1 ? headerAt((frames - 1) * recordBytes) : header;
  const lines = acquisition && !scanShape
    ? scanLines(frames, acquisition, (frame) => headerAt(frame * recordBytes).time)
    : undefined;
  return {
    files: [{ path }],
    header: header.bytes,
    ...pixels,
    ...(lines ? describeScan(lines) : { planned: acquisition?.count("Frames in Acquisition") }),
    warnings: [
      ...lines?.warnings ?? [],
      ...checkLast(header, last, frames, path),
      ...(pixels.packed?.chips === 4 && depth === 24 ? [unchecked] : []),
    ],
    notes: notesOf(header, depth, acquisition),
  };
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
function checkLast(first: FrameHeader, last: FrameHeader, frames: number, file: string): string[] {
  const kindOf = ({ bytes, rows, columns, kind }: FrameHeader) =>
    `${rows} x ${columns} ${kind} after ${bytes}`;
  if (kindOf(first) !== kindOf(last)) {
    throw new CorruptFile(`${file} changes the kind of its frames`, {
      file,
      expected: kindOf(first),
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
