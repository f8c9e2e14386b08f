/** The header of each frame of a Merlin `.mib`: text with commas, filled up with zero bytes. */

import { CorruptFile } from "../../scan/errors.ts";

/** Pixel kinds: bytes, words of 16 and 32 bits, and packed words of 64. */
export type PixelKind = "U08" | "U16" | "U32" | "R64";

/** A moment; the seconds alone would fill a number, the nanoseconds too. */
export interface Moment {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What the header of a frame says. */
export interface FrameHeader {
  /** Number of the frame in the acquisition, from 1. */
  readonly number: number;
  /** Bytes of the header. */
  readonly bytes: number;
  readonly chips: number;
  /** Rows and columns of pixels as they lie in the file. */
  readonly rows: number;
  readonly columns: number;
  readonly kind: PixelKind;
  /** How the chips lie: `1x1`, `2x2`, `Nx1`, `2x2G` with the gap between them. */
  readonly layout: string;
  readonly time?: Moment;
  /** When the frame was taken, as the header writes it. */
  readonly timeText?: string;
  /** Exposure in seconds. */
  readonly exposure?: number;
  /** Bits of a counter: 1, 6, 12 or 24. */
  readonly depth?: number;
}

/** Headers are of 384 bytes for one chip and 768 for four; more chips have longer ones. */
const shortestHeader = 64;
/** See {@link readFrameHeader}. */
export const longestHeader = 4096;
const kinds: readonly string[] = ["U08", "U16", "U32", "R64"] satisfies PixelKind[];

/** Whether a file begins with such a header. */
export function beginsWithFrame(head: Uint8Array): boolean {
  return new TextDecoder().decode(head.subarray(0, 4)) === "MQ1,";
}

/**
 * Reads the header of a frame.
 *
 * @param bytes the first 4096 bytes of the frame, fewer at the end of the file
 * @throws {CorruptFile} when it is no header, or sizes are impossible
 */
export function readFrameHeader(bytes: Uint8Array, file: string, offset = 0): FrameHeader {
  const size = wholeNumber(new TextDecoder("latin1").decode(bytes.subarray(0, 64)).split(",")[2]);
  const fields = new TextDecoder("latin1").decode(bytes.subarray(0, size ?? 0)).split(",");
  const [, number, chips, columns, rows] = [0, 1, 3, 4, 5].map((place) => wholeNumber(fields[place]));
  const kind = fields[6];
  const sound = beginsWithFrame(bytes) && size !== undefined && size >= shortestHeader &&
    size <= Math.min(longestHeader, bytes.length) && number !== undefined && chips && columns && rows &&
    kinds.includes(kind);
  if (!sound) {
    throw new CorruptFile(`${file} has a frame whose header makes no sense`, {
      file,
      offset,
      expected: "MQ1, frame, bytes of the header, chips, columns, rows, and U08, U16, U32 or R64",
      found: fields.slice(0, 7).join().slice(0, 60).replace(/[^ -~]/g, "?") || "no text with commas",
      remedy: "copy the file again; if its software writes it so, export it in another mode",
    });
  }
  return {
    number,
    bytes: size,
    chips,
    columns,
    rows,
    kind: kind as PixelKind,
    layout: fields[7]?.trim() ?? "",
    ...timesOf(fields),
  };
}

/** Newer software has a second part, whose times are finer; older has local time and seconds. */
function timesOf(fields: readonly string[]): Pick<FrameHeader, "time" | "timeText" | "exposure" | "depth"> {
  const second = fields.indexOf("MQ1A");
  const text = second < 0 ? fields[9] : fields[second + 1], time = momentOf(text ?? "");
  const nanoseconds = second < 0 ? undefined : /^(\d{1,15})ns$/.exec(fields[second + 2] ?? "")?.[1];
  const exposure = nanoseconds === undefined ? Number(fields[10]) : Number(nanoseconds) / 1e9;
  const depth = second < 0 ? undefined : wholeNumber(fields[second + 3]);
  return {
    ...(time && { time, timeText: text }),
    ...(exposure > 0 && Number.isFinite(exposure) && { exposure }),
    ...(depth && { depth }),
  };
}

/** The moment that a text names, by whatever clock. */
function momentOf(text: string): Moment | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?$/.exec(text);
  const milliseconds = match ? Date.parse(`${match[1]}T${match[2]}Z`) : NaN;
  if (!match || Number.isNaN(milliseconds)) return undefined;
  return { seconds: milliseconds / 1000, nanoseconds: Number((match[3] ?? "").padEnd(9, "0")) };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
