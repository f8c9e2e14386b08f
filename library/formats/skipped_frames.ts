/** Patterns at the beginning of a file that belong to no probe, such as those before the scan was triggered. */

import { BadParameter } from "../scan/errors.ts";
import { deriveSeries } from "../scan/derive.ts";
import { probeOrder, reorderProbes } from "../scan/reordered.ts";
import { isSeries, type Scan, type Series } from "../scan/scan.ts";
import { probeCount, type ScanShape } from "../scan/shape.ts";
import { fittingShapes } from "./fitting_shapes.ts";
import type { OpenOptions } from "./format.ts";
import { leaveOutFirst } from "./partial_rows.ts";

/**
 * Looks at `skipFrames` before a file is opened.
 *
 * @throws {BadParameter} when it is no number of patterns, or comes without a scan shape
 */
export function checkSkip(file: string, { skipFrames, scanShape }: OpenOptions): void {
  if (skipFrames === undefined) return;
  const sound = Number.isSafeInteger(skipFrames) && skipFrames >= 0;
  if (sound && (skipFrames === 0 || scanShape)) return;
  throw new BadParameter(
    sound
      ? `\`skipFrames\` ${skipFrames} needs a scan shape for the patterns that are left`
      : "`skipFrames` is out of range",
    {
      file,
      expected: sound ? "rows and columns of the rest" : "a whole number of at least 0",
      found: sound ? "no `scanShape`" : String(skipFrames),
      parameter: sound ? "scanShape" : "skipFrames",
      remedy: sound
        ? "give `scanShape` ROWSxCOLUMNS too"
        : "give `skipFrames` as a whole number of at least 0",
    },
  );
}

/**
 * What a format has opened, whatever shape it gave it, without its first `skipFrames` patterns and in the user's scan
 * shape. Each scan of a series loses its own first ones.
 *
 * @throws {BadParameter} when the patterns that are left do not fill the scan shape
 */
export function leaveOutFrames(
  opened: Scan | Series,
  { skipFrames, scanShape, partial }: OpenOptions,
): Scan | Series {
  if (!skipFrames || !scanShape) return opened;
  if (partial && !isSeries(opened)) return leaveOutFirst(opened, skipFrames, scanShape);
  const { path } = opened.source, { rows, columns } = scanShape, found = probeCount(opened.shape);
  const left = found - skipFrames;
  if (left !== rows * columns) throw wrongRest(path, skipFrames, scanShape, found);
  const order = probeOrder(rows, columns, (row, column) => skipFrames + row * columns + column);
  const leaveOut = (scan: Scan) => reorderProbes(scan, scanShape, order);
  if (!isSeries(opened)) return leaveOut(opened);
  return deriveSeries(opened, leaveOut, { shape: { ...opened.shape, rows, columns } });
}

function wrongRest(
  file: string,
  skipFrames: number,
  { rows, columns }: Pick<ScanShape, "rows" | "columns">,
  found: number,
): BadParameter {
  const left = Math.max(0, found - skipFrames);
  return new BadParameter(
    `\`scanShape\` ${rows}x${columns} has ${rows * columns} positions, but ${file} has ${found} patterns, ` +
      `${left} without the first ${skipFrames}`,
    {
      file,
      expected: `${left} positions`,
      found: `${rows} x ${columns} = ${rows * columns}`,
      parameter: left === 0 ? "skipFrames" : "scanShape",
      patterns: left,
      shapes: fittingShapes(left),
      remedy: left === 0
        ? `give \`skipFrames\` less than ${found}`
        : `give \`scanShape\` ROWSxCOLUMNS with ROWS times COLUMNS = ${left}, or another \`skipFrames\``,
    },
  );
}
