/** Norpix sequences made byte by byte, sound and unsound. */

/** Frames of a {@link sequence}, and rows and columns of each. */
export const seqSizes = { frames: 6, rows: 5, columns: 7 } as const;

/** What the header says, where it differs from 16-bit frames of version 5. */
export interface SeqRecipe {
  readonly version?: number;
  readonly depth?: number;
  /** Bytes from one frame to the next. */
  readonly stride?: number;
  /** Frames that the header announces. */
  readonly allocated?: number;
  readonly columns?: number;
  readonly rows?: number;
}

/** Frames of numbers that count up; what is no pixel is rubbish. */
export function sequence(recipe: SeqRecipe = {}): Uint8Array {
  const { frames } = seqSizes, pixels = seqSizes.rows * seqSizes.columns;
  const { version = 5, depth = 16, allocated = frames, columns = seqSizes.columns, rows = seqSizes.rows } =
    recipe;
  const bytes = depth / 8, start = version >= 5 ? 8192 : 1024, stride = recipe.stride ?? pixels * bytes + 8;
  const file = new Uint8Array(start + frames * stride).fill(0xee), view = new DataView(file.buffer);
  file.fill(0, 0, start);
  // In UTF-16: the kind of file, and a description.
  for (const [offset, text] of [[4, "Norpix seq"], [36, "a scan"]] as const) {
    for (let i = 0; i < text.length; i++) view.setUint16(offset + 2 * i, text.charCodeAt(i), true);
  }
  for (
    const [offset, value] of [
      ...[[0, 0xfeed], [28, version], [548, columns], [552, rows]],
      ...[[556, depth], [568, 100], [572, allocated], [580, stride]],
    ]
  ) view.setUint32(offset, value, true);
  view.setFloat64(584, 400, true);
  for (let i = 0; i < frames * pixels; i++) {
    const at = start + Math.floor(i / pixels) * stride + i % pixels * bytes;
    // Not written where a recipe has no room for it.
    if (at + bytes <= file.length) {
      if (bytes === 1) view.setUint8(at, i);
      else if (bytes === 2) view.setUint16(at, i, true);
      else view.setUint32(at, i, true);
    }
  }
  return file;
}
