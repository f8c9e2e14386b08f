/** Merlin files as small as they get: frames behind headers, and the text beside them. */

import { bytesOf } from "../../library/scan/dtype.ts";
import type { PackedWords } from "../../library/scan/frames.ts";
import { plainPack } from "./packed_words.ts";

/** What the header of a frame says, where it differs from frames of one chip of 12 bits. */
export interface MerlinRecipe {
  readonly rows: number;
  readonly columns: number;
  readonly kind?: "U08" | "U16" | "U32" | "R64";
  readonly depth?: 1 | 6 | 12 | 24;
  readonly chips?: 1 | 4;
  /** Whether the second part of headers is there, as of all but old firmware. */
  readonly fine?: boolean;
  /** Whether the header counts columns twice, as it does those of RAW frames of 24 bits. */
  readonly doubled?: boolean;
  /** Number of the first frame. */
  readonly first?: number;
  /** Nanoseconds at which a frame was taken. */
  readonly time?: (frame: number) => number;
}

/** The frames of a `.mib`; `pixels` are those of all patterns, one after the other. */
export function merlinFrames(pixels: ArrayLike<number>, recipe: MerlinRecipe): Uint8Array {
  const { rows, columns, kind = "U16", depth = 12, chips = 1, first = 1, time = (frame) => frame * 1e6 } =
    recipe;
  const size = rows * columns, frames = pixels.length / size, raw = kind === "R64";
  const records = Array.from({ length: frames }, (_, frame) => {
    const pattern = Array.from({ length: size }, (_, i) => pixels[frame * size + i]);
    const body = raw
      ? plainPack({ depth, chips } satisfies PackedWords, pattern, rows, columns)
      : bigEndian(pattern, Number(kind.slice(1)) / 8);
    const [height, width] = raw && chips === 4 ? [rows / 2, 2 * columns] : [rows, columns];
    const bytes = chips === 4 ? 768 : 384, now = time(frame);
    const seconds = String(10 + Math.floor(now / 1e9)).padStart(2, "0"),
      rest = String(now % 1e9).padStart(9, "0");
    const fields = [
      ...["MQ1", String(first + frame).padStart(6, "0"), `00${bytes}`, `0${chips}`],
      ...[
        String(recipe.doubled ? 2 * width : width).padStart(4, "0"),
        String(height).padStart(4, "0"),
        kind,
        chips === 4 ? "   2x2" : "   1x1",
      ],
      ...[
        "01",
        `2021-05-07 18:51:${seconds}.${rest.slice(0, 6)}`,
        "0.100000",
        "0,0,0,4.000000E+1,3RX,068,511",
      ],
      ...(recipe.fine ?? true
        ? ["MQ1A", `2021-05-07T16:51:${seconds}.${rest}Z`, "100000000ns", `${depth}`]
        : []),
      "",
    ];
    const record = new Uint8Array(bytes + body.length);
    record.set(new TextEncoder().encode(fields.join()));
    record.set(body, bytes);
    return record;
  });
  return new Uint8Array(records.flatMap((record) => [...record]));
}

function bigEndian(numbers: readonly number[], bytes: number): Uint8Array {
  const array = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[bytes]!.from(numbers),
    body = bytesOf(array);
  for (let at = 0; at < body.length; at += bytes) body.subarray(at, at + bytes).reverse();
  return body;
}

/** The text of a `.hdr`. */
export function merlinText(
  frames: number,
  perTrigger: number,
  more: Readonly<Record<string, string>> = {},
): string {
  const settings = {
    "Counter Depth (number)": "12",
    "Active Counters": "Counter 0",
    "Thresholds (keV)": "4.000000E+1,5.110000E+2",
    "Frames in Acquisition (Number)": String(frames),
    "Frames per Trigger (Number)": String(perTrigger),
    "Sensor Bias (V)": "120 V",
    "Software Version": "0.76.1.101",
    ...more,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}:\t${value}`);
  return ["HDR,\t", ...lines, "End\t   "].join("\r\n");
}
