/** A part of a scan: some probe positions of it. */

import { bytesPerElement } from "./dtype.ts";
import { deriveScan } from "./derive.ts";
import { BadParameter } from "./errors.ts";
import { RowBuffer } from "./row_buffer.ts";
import { checkRows, type Scan } from "./scan.ts";
import { pixelCount, type ScanShape } from "./shape.ts";
import { pickColumns, pickStored } from "./picked.ts";
import { sliceStored } from "./stored.ts";

/** Probe positions, 0-based, ends excluded. */
export interface Region {
  /** The first scan row. */
  readonly firstRow: number;
  /** The row after the last. */
  readonly lastRow: number;
  /** The first scan column. */
  readonly firstColumn: number;
  /** The column after the last. */
  readonly lastColumn: number;
}

/** The region as the user writes it. */
export function formatRegion(region: Region): string {
  return `${region.firstRow}:${region.lastRow},${region.firstColumn}:${region.lastColumn}`;
}

/** Numbers of the patterns of a region in its scan. */
function placesOf({ shape }: Scan, { firstRow, lastRow, firstColumn, lastColumn }: Region): Uint32Array {
  const columns = lastColumn - firstColumn;
  return Uint32Array.from(
    { length: (lastRow - firstRow) * columns },
    (_, probe) => (firstRow + Math.floor(probe / columns)) * shape.columns + firstColumn + probe % columns,
  );
}

/**
 * Refuses a region that is empty or not inside a scan.
 *
 * @param file what is named as the scan
 * @throws {BadParameter} when it is
 */
export function demandInside(
  region: Region,
  { rows, columns }: Pick<ScanShape, "rows" | "columns">,
  file: string,
): void {
  const inside = (first: number, last: number, length: number) =>
    Number.isInteger(first) && Number.isInteger(last) && 0 <= first && first < last && last <= length;
  if (
    inside(region.firstRow, region.lastRow, rows) && inside(region.firstColumn, region.lastColumn, columns)
  ) {
    return;
  }
  throw new BadParameter(`the region ${formatRegion(region)} is not inside the scan`, {
    ...{ file, parameter: "region", found: formatRegion(region) },
    expected: `rows within 0:${rows} and columns within 0:${columns}`,
    remedy: `give \`region\` inside 0:${rows},0:${columns}`,
  });
}

/**
 * The probe positions of `scan` inside `region`. Rows outside it are never read; closing the part closes the scan.
 *
 * @throws {BadParameter} when the region is empty or not inside the scan
 */
export function selectRegion(scan: Scan, region: Region): Scan {
  demandInside(region, scan.shape, scan.source.path);
  const { firstRow, lastRow, firstColumn, lastColumn } = region;
  const shape = { ...scan.shape, rows: lastRow - firstRow, columns: lastColumn - firstColumn };
  const pixels = pixelCount(shape);
  const wholeRows = shape.columns === scan.shape.columns;
  const buffer = new RowBuffer(scan.dtype, scan.shape.columns * pixels);
  const bytes = pixels * bytesPerElement(scan.dtype);
  const { columns } = scan.shape;
  const rows = scan.stored && sliceStored(scan.stored, firstRow * columns, shape.rows * columns, bytes);
  const stored = wholeRows ? rows : (rows && pickColumns(rows, columns, [firstColumn, lastColumn])) ??
    pickStored(scan, placesOf(scan, region));

  return deriveScan(scan, {
    shape,
    stored,
    readRows(first, count, into) {
      checkRows(shape, first, count, into);
      if (wholeRows) return scan.readRows(firstRow + first, count, into);
      return buffer.lend(async (sourceRow) => {
        for (let row = 0; row < count; row++) {
          await scan.readRows(firstRow + first + row, 1, sourceRow);
          into.set(
            sourceRow.subarray(firstColumn * pixels, lastColumn * pixels),
            row * shape.columns * pixels,
          );
        }
      });
    },
  });
}
