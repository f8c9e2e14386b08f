/** The prefiltered scan as a file. */

import type { RunOptions } from "../engine/options.ts";
import { withEngine } from "../engine/with_engine.ts";
import { type FilterParameters, filterScan } from "../passes/prefilter/filter_scan.ts";
import { writeOutputs } from "../results/output_files.ts";
import type { Scan } from "../scan/scan.ts";
import type { Compression } from "./compression.ts";
import type { Conversion } from "./convert.ts";
import { refuseOwnFiles } from "./own_files.ts";
import { patternBytes, ScanWriter } from "./scan_writer.ts";
import { compressionFor, targetOf } from "./targets.ts";

/** What {@link writeFilteredScan} is told. */
export interface FilteredOptions extends RunOptions {
  /** How chunks are packed; default: as the format has it. */
  readonly compression?: Compression;
  /** Replace an older file, or an older Zarr store. */
  readonly force?: boolean;
}

/**
 * Filters a scan and writes it as float32, row by row, in the format that `path` ends in.
 *
 * @throws as `filterScan` and `convertScan`
 */
export async function writeFilteredScan(
  scan: Scan,
  path: string,
  parameters: FilterParameters,
  options: FilteredOptions = {},
): Promise<Omit<Conversion, "warnings">> {
  const target = targetOf(path), compression = compressionFor(target, options.compression);
  await refuseOwnFiles(path, scan);
  const { shape, calibration, source } = scan;
  const description = { shape, dtype: "f32", calibration, source, name: "filtered" } as const;
  let packedBytes = 0;
  const write = (temporary: string) =>
    withEngine(options, async (engine) => {
      const settings = { engine, target, description, compression };
      // One row at a time: the filter wants the memory.
      const writer = await ScanWriter.create(temporary, settings, 1);
      try {
        // Before the filter, which gives back what was taken after it began.
        writer.acceptRows();
        for await (const { patterns } of filterScan(scan, parameters, { ...options, engine })) {
          await writer.writeRows(patterns, options.signal);
        }
        scan.requireUnchanged?.();
        writer.finish();
        packedBytes = writer.packedBytes;
      } finally {
        writer.abandon();
      }
    });
  await writeOutputs([{ path, write, folder: target.folder }], options.force === true, options.signal);
  const { chunk } = target.grid(description);
  return { format: target.name, compression, chunk, bytes: patternBytes(description), packedBytes };
}
