/** What the user says about the geometry means the same for every format there is: each sample file, turned round. */

import assert from "node:assert/strict";
import { openFile, openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import { pixelCount, probeCount } from "../../../library/scan/shape.ts";
import { checkScan, expected } from "../../support/geometry.ts";
import { readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";

/** Larger samples take too long as nested lists. */
const mostPixels = 4_000_000;

function filesBelow(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  ).sort();
}

/** The scan in a file, or the first of its series; `undefined` where we read none. */
async function openSome(path: string, options: OpenScanOptions): Promise<Scan | undefined> {
  try {
    const opened = await openFile(path, options);
    opened.close();
    return await openScan(path, isSeries(opened) ? { ...options, frame: 0 } : options);
  } catch (cause) {
    if (cause instanceof CrystalliteError) return undefined;
    throw cause;
  }
}

sharedTest("geometry is the same for every format", async () => {
  const seen = new Set<string>();
  for (const path of filesBelow(sharedPath("data/formats")!)) {
    const plain = await openSome(path, {});
    if (!plain || probeCount(plain.shape) * pixelCount(plain.shape) > mostPixels) {
      plain?.close();
      continue;
    }
    const pixels = await readAll(plain), { rows, columns, patternRows, patternColumns } = plain.shape;
    plain.close();
    const probes = rows * columns;
    const turned: OpenScanOptions = {
      ...{ scanOrder: "snake", swapScanAxes: true, detectorFlip: "rows", detectorTranspose: true },
      ...(columns > 1 && { flyback: 1 }),
    };
    const later: OpenScanOptions = { skipFrames: 1, scanShape: { rows: 1, columns: probes - 1 } };
    const cases = [
      [turned, rows, columns],
      ...(probes > 1 ? [[later, 1, probes - 1] as const] : []),
    ] as const;
    for (const [options, recordedRows, recordedColumns] of cases) {
      const scan = await openSome(path, options);
      assert.ok(scan, `${path} ${JSON.stringify(options)}`);
      const wanted = expected(pixels, [recordedRows, recordedColumns, patternRows, patternColumns], options);
      await checkScan(scan, wanted, scan.stored !== undefined);
      scan.close();
    }
    seen.add(plain.source.format);
  }
  assert.ok(seen.size >= 5, Array.from(seen).join(", "));
});
