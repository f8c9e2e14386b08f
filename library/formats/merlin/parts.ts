/** Recordings of Merlin that the software has split: several `.mib` of one `.hdr`, whose frames are numbered on. */

import { type ByteSource, FileSource, readBytes } from "../../scan/byte_source.ts";
import { CorruptFile, FileUnavailable } from "../../scan/errors.ts";
import type { FileContext } from "../file_context.ts";
import { listNames } from "../list_names.ts";
import { type Acquisition, acquisitionOfStem } from "./acquisition.ts";
import { beginsWithFrame, type FrameHeader, longestHeader, readFrameHeader } from "./frame_header.ts";
import { frameBytes, type Pixels, pixelsOf } from "./pixels.ts";

/** Files that are looked at as parts of one recording. */
const mostParts = 1000;

/** A `.mib` file. */
export interface MerlinPart {
  readonly source: ByteSource;
  readonly depth: number | undefined;
  readonly pixels: Pixels;
  readonly recordBytes: number;
  /** Whole frames. */
  readonly frames: number;
  readonly first: FrameHeader;
  readonly last: FrameHeader;
}

/** A recording, whose parts are in the order of acquisition; whoever opened it closes their sources. */
export interface MerlinRecording {
  readonly parts: readonly MerlinPart[];
  readonly acquisition?: Acquisition;
}

/**
 * The files of the recording that a `.mib` or `.hdr` belongs to. `NAME.mib`, `NAME1.mib`, `NAME_002.mib` … are one, if
 * there is a `NAME.hdr`, the others have none of their own, and the frames of each are numbered on from those before.
 *
 * @throws {FileUnavailable} when a `.hdr` has no `.mib`
 * @throws {CorruptFile} when it has several, none of its own name, that do not follow each other
 */
export function openRecording(file: FileContext): MerlinRecording {
  const { name, path, beside } = file, isFrames = beginsWithFrame(file.head);
  const stem = name.replace(/\.[^.]*$/, ""), stems = [stem, stem.replace(/[_-]?\d+$/, "")];
  const base = stems.find((one) => one !== "" && acquisitionOfStem(beside, one)) ?? stem;
  const acquisition = acquisitionOfStem(beside, base);
  const opened: MerlinPart[] = [];
  try {
    const named = acquisition ? partNames(file, base) : [];
    for (const part of named) {
      const place = beside.file(part);
      if (place !== undefined) opened.push(openPart(place, acquisition));
    }
    opened.sort((a, b) => a.first.number - b.first.number);
    if (opened.length > 1 && runOn(opened)) return { parts: opened, acquisition };
    const own = isFrames ? path : beside.file(`${stem}.mib`) ?? beside.file(`${stem}.MIB`);
    if (own !== undefined || opened.length === 1) {
      closeAll(opened);
      const single = own ?? opened[0].source.path, said = acquisitionOfStem(beside, own ? stem : base);
      return { parts: [openPart(single, said)], acquisition: said };
    }
    if (opened.length === 0) {
      throw new FileUnavailable(`the frames of ${path} are missing`, {
        file: path,
        expected: `${stem}.mib`,
        found: "no such file",
        remedy: `put ${stem}.mib beside it`,
      });
    }
    throw new CorruptFile(`the files of ${path} do not follow each other by the numbers of their frames`, {
      file: path,
      expected: "frames that are numbered on from file to file",
      found: opened.map(({ first, last }) => `${first.number} to ${last.number}`).slice(0, 10).join(", "),
      remedy: `open one of ${listNames(named)}, or put the missing ones beside them`,
    });
  } catch (cause) {
    closeAll(opened);
    throw cause;
  }
}

/** Closes the files of a recording. */
export function closeAll(parts: readonly MerlinPart[]): void {
  for (const { source } of parts) source.close();
}

/** The header of a frame, counted from 0. */
export function headerOf({ source, recordBytes }: MerlinPart, frame: number): FrameHeader {
  return headerAt(source, frame * recordBytes);
}

/** Names of files that begin with a name and go on with a number, if at all; those with a `.hdr` of their own are others. */
function partNames({ beside }: FileContext, base: string): readonly string[] {
  return beside.names().filter((name) => {
    const rest = /^((?:[_-]?\d+)?)\.mib$/i.exec(name.startsWith(base) ? name.slice(base.length) : "x");
    return rest !== null && (rest[1] === "" || acquisitionOfStem(beside, base + rest[1]) === undefined);
  }).slice(0, mostParts);
}

function openPart(path: string, acquisition: Acquisition | undefined): MerlinPart {
  const source = FileSource.open(path);
  try {
    const first = headerAt(source, 0), depth = first.depth ?? acquisition?.count("Counter Depth");
    const pixels = pixelsOf(first, depth, path), recordBytes = first.bytes + frameBytes(pixels);
    const frames = Math.floor(source.size / recordBytes);
    const last = frames > 1 ? headerAt(source, (frames - 1) * recordBytes) : first;
    return { source, depth, pixels, recordBytes, frames, first, last };
  } catch (cause) {
    source.close();
    throw cause;
  }
}

function headerAt(source: ByteSource, offset: number): FrameHeader {
  const bytes = readBytes(source, offset, Math.min(longestHeader, source.size - offset));
  return readFrameHeader(bytes, source.path, offset);
}

function runOn(parts: readonly MerlinPart[]): boolean {
  return parts.every(({ first, frames, recordBytes }, index) =>
    index === 0 ||
    (frames > 0 && recordBytes === parts[0].recordBytes && first.number === parts[index - 1].last.number + 1)
  );
}
