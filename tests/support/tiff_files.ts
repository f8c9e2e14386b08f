/** TIFF files made byte by byte, sound and unsound. */

/** How a file is made; what is given replaces what would be right. */
export interface TiffRecipe {
  readonly rows: number;
  readonly columns: number;
  /** Bytes of each page, in the byte order of the file. */
  readonly pages: readonly Uint8Array[];
  readonly bits: number;
  /** 1 unsigned, 2 signed, 3 float. */
  readonly format?: number;
  readonly bigEndian?: boolean;
  readonly big?: boolean;
  /** Rows of each strip; default: all. */
  readonly stripRows?: number;
  /** Bytes between the strips of a page. */
  readonly stripGap?: number;
  /** Bytes before each page. */
  readonly gap?: (page: number) => number;
  readonly description?: string;
  /** Pixels per unit. */
  readonly resolution?: readonly [columns: number, rows: number];
  /** Pages that get a directory; default: all. */
  readonly described?: number;
  /** Further or other fields of every page. */
  readonly fields?: Readonly<Record<number, number>>;
  /** Where the last directory points to; default: nowhere. */
  readonly next?: number;
}

type Value = readonly number[] | string | readonly [upper: number, lower: number, fraction: true];

/** The bytes of a TIFF or BigTIFF file: pages first, directories behind them. */
export function tiff(recipe: TiffRecipe): Uint8Array {
  const { rows, columns, pages, bits, format = 1, bigEndian = false, big = false, gap = () => 0 } = recipe;
  const { stripRows = rows, stripGap = 0, described = pages.length } = recipe;
  const out: number[] = [];
  const put = (value: number, bytes: number, at = out.length) => {
    for (let i = 0; i < bytes; i++) {
      out[at + i] = Math.floor(value / 256 ** (bigEndian ? bytes - 1 - i : i)) % 256;
    }
  };
  const pointerBytes = big ? 8 : 4, rowBytes = columns * bits / 8;
  out.push(...new TextEncoder().encode(bigEndian ? "MM" : "II"));
  put(big ? 43 : 42, 2);
  if (big) {
    put(8, 2);
    put(0, 2);
  }
  let pointer = out.length;
  put(0, pointerBytes);
  const strips = pages.map((page, index) => {
    out.push(...new Uint8Array(gap(index)));
    return Array.from({ length: Math.ceil(rows / stripRows) }, (_, strip) => {
      const offset = out.length;
      const bytes = page.subarray(strip * stripRows * rowBytes, (strip + 1) * stripRows * rowBytes);
      out.push(...bytes, ...new Uint8Array(stripGap));
      return { offset, size: bytes.length };
    });
  });
  for (const [index, page] of strips.slice(0, described).entries()) {
    const fields = new Map<number, Value>([
      [256, [columns]],
      [257, [rows]],
      [258, [bits]],
      [259, [1]],
      [262, [1]],
      ...(index === 0 && recipe.description !== undefined ? [[270, recipe.description] as const] : []),
      [273, page.map(({ offset }) => offset)],
      [277, [1]],
      [278, [stripRows]],
      [279, page.map(({ size }) => size)],
      ...(recipe.resolution?.map((value, axis) => [282 + axis, [value * 1000, 1000, true]] as const) ?? []),
      [339, [format]],
      ...Object.entries(recipe.fields ?? {}).map(([tag, value]) => [Number(tag), [value]] as const),
    ] as [number, Value][]);
    const entries = Array.from(fields).sort(([a], [b]) => a - b).map(([tag, value]) => {
      const text = typeof value === "string", fraction = !text && (value as unknown[])[2] === true;
      const bytes = text ? [...new TextEncoder().encode(`${value}\0`)] : [];
      const numbers = text ? [] : (fraction ? value.slice(0, 2) : value) as number[];
      const width = big && !fraction ? 8 : 4, length = text ? bytes.length : numbers.length * width;
      const place = length > pointerBytes ? out.length : undefined;
      if (place !== undefined) {
        out.push(...bytes);
        numbers.forEach((number) => put(number, width));
      }
      const type = text ? 2 : fraction ? 5 : big ? 16 : 4;
      return {
        tag,
        type,
        count: text ? bytes.length : fraction ? 1 : numbers.length,
        place,
        bytes,
        numbers,
        width,
      };
    });
    put(out.length, pointerBytes, pointer);
    put(entries.length, big ? 8 : 2);
    for (const { tag, type, count, place, bytes, numbers, width } of entries) {
      put(tag, 2);
      put(type, 2);
      put(count, pointerBytes);
      const start = out.length;
      put(0, pointerBytes);
      if (place !== undefined) put(place, pointerBytes, start);
      else {
        bytes.forEach((byte, i) => out[start + i] = byte);
        numbers.forEach((number, i) => put(number, width, start + i * width));
      }
    }
    pointer = out.length;
    put(recipe.next ?? 0, pointerBytes);
  }
  return Uint8Array.from(out);
}
