/** The probe of a vacuum scan, or of a single pattern without specimen. */

import type { RunOptions } from "../engine/options.ts";
import { withEngine } from "../engine/with_engine.ts";
import { measuredTemplate, type ProbeSize } from "../passes/bragg_peaks/measured_template.ts";
import type { ProbeTemplate } from "../passes/bragg_peaks/probe_template.ts";
import { type BadPixelSource, prepareDetector } from "../passes/detector/preparation.ts";
import { measureOrigins } from "../passes/origin/measure_origins.ts";
import type { Scan } from "../scan/scan.ts";
import { probeCount } from "../scan/shape.ts";
import { alignedAverages, alignmentOf } from "./alignment.ts";
import { fitOriginMap } from "./origin.ts";

/** The disk may lie so many radii, and pixels, from its place in the mean pattern. */
const reachRadii = 2, reachPixels = 6;

/**
 * The template of a probe that was scanned without specimen: patterns are moved by the centres of mass of their disks, averaged,
 * cleaned and measured (spec of Bragg disks, 3).
 *
 * @throws {BadParameter} when the patterns show no probe
 * @throws {OutOfResources} when the memory limit does not suffice
 * @throws {Aborted} when the signal fires
 */
export async function vacuumTemplate(
  scan: Scan,
  { badPixels = { kind: "auto" } }: { readonly badPixels?: BadPixelSource } = {},
  run: RunOptions = {},
): Promise<ProbeTemplate & { readonly probe: ProbeSize }> {
  const { shape } = scan, { rows, columns, patternRows, patternColumns } = shape;
  return await withEngine(run, async (engine) => {
    const options = { ...run, engine };
    const detector = { badPixels, center: { kind: "index" } } as const;
    const preparation = await prepareDetector(scan, detector, true, options), guess = preparation.beam!;
    const radius = Math.max(1, guess.radius);
    const { places } = await measureOrigins(scan, {
      ...{ method: "brightest", guess, radius, reach: reachRadii * radius + reachPixels, badPixels },
    }, options);
    // Single patterns say where they are; those that do not are where the others are in the mean.
    const known = probeCount(shape) === 1 ? new Float32Array(2) : withMeans(places, shape);
    const pixels = new Float64Array(patternRows * patternColumns);
    const cluster = { id: 0, size: probeCount(shape), bounds: { firstRow: 0, lastRow: rows - 1 } };
    const clustering = {
      ...{ labels: new Int32Array(rows * columns), clusters: [cluster] },
      badPixels: preparation.badPixels,
    };
    for await (const { patterns } of alignedAverages(scan, clustering, alignmentOf(known).shifts, options)) {
      patterns.forEach((value, pixel) => pixels[pixel] = Number.isNaN(value) ? 0 : value);
    }
    return measuredTemplate({ pixels, rows: patternRows, columns: patternColumns });
  });
}

function withMeans(places: Float32Array, shape: Scan["shape"]): Float32Array {
  const { fitted } = fitOriginMap(places, shape, "constant", "a bright disk in every pattern");
  return places.map((place, index) => Number.isNaN(place) ? fitted[index] : place);
}
