/** Norpix StreamPix and Direct Electron `.seq`: a header, and frames with a time stamp behind each. */

import { endsEarly } from "../scan/byte_source.ts";
import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import type { StoredNumber } from "../scan/stored_number.ts";
import type { FileContext } from "./file_context.ts";
import type { Format } from "./format.ts";
import { recordFormat } from "./frames/record_format.ts";
import type { FrameRecords } from "./frames/records.ts";
import { presentFrames } from "./frames/present_frames.ts";

const magic = [0xed, 0xfe, 0, 0];
/** Up to the end of the last field that is read. */
const neededBytes = 592;
const depths: Readonly<Record<number, StoredNumber>> = { 8: "u8", 16: "u16", 32: "u32" };

/** Sequences of frames; how they form a scan the user says. */
export const seqFormat: Format = recordFormat({
  name: "Norpix .seq",
  label: "SEQ",
  endings: ["seq"],
  recognises: ({ head }) => magic.every((byte, index) => head[index] === byte),
  records(file): FrameRecords {
    const { path, head, size } = file;
    if (size < neededBytes) throw endsEarly(path, 0, neededBytes, size);
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const word = (offset: number) => view.getUint32(offset, true);
    const columns = word(548), rows = word(552), depth = word(556), stride = word(580);
    const numbers = depths[depth], framesPerSecond = view.getFloat64(584, true);
    if (numbers === undefined) throw otherPixels(path, depth);
    const footer = stride - rows * columns * depth / 8;
    if (footer < 0) throw packedFrames(path, stride, rows * columns * depth / 8);
    const start = view.getInt32(28, true) >= 5 ? 8192 : 1024;
    return {
      ...presentFrames(file, start, stride, word(572)),
      rows,
      columns,
      numbers,
      footer,
      warnings: unusedReferences(file),
      notes: framesPerSecond > 0 && Number.isFinite(framesPerSecond) ? { framesPerSecond } : {},
    };
  },
});

function otherPixels(path: string, depth: number): UnsupportedFormat {
  return new UnsupportedFormat(`${path} has pixels of ${depth} bits`, {
    file: path,
    expected: "pixels of 8, 16 or 32 bits",
    found: `${depth} bits`,
    remedy: "export it as grey images of 8 or 16 bits",
  });
}

function packedFrames(path: string, stride: number, bytes: number): CorruptFile {
  return new CorruptFile(`${path} has less room for a frame than its pixels take`, {
    file: path,
    expected: `at least ${bytes} bytes a frame`,
    found: `${stride} bytes`,
    remedy: "copy the file again, or export it without compression",
  });
}

/** Raw frames may come with references that would have to be taken off and multiplied. */
function unusedReferences({ name, beside }: FileContext): string[] {
  const stem = name.replace(/\.seq$/i, "");
  return ["dark.mrc", "gain.mrc"].flatMap((ending) =>
    [...new Set([`${name}.${ending}`, `${stem}.${ending}`])]
      .filter((other) => beside.file(other) !== undefined)
      .map((other) => `${other} beside it was not applied: patterns are as the camera wrote them`)
  );
}
