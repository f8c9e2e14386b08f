/** What is settled for a whole scan before its patterns are compared: detector, masks, and what is sketched. */

import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import { runPasses } from "../engine/run_passes.ts";
import { detectorMaskPixels } from "../passes/detector/detector_mask.ts";
import { type Preparation, prepareDetector } from "../passes/detector/preparation.ts";
import { demandDetectorSize, type DetectorGrid } from "../passes/sketch/detector_grid.ts";
import type { SketchBasis } from "../passes/sketch/sketch_basis.ts";
import { SketchPass } from "../passes/sketch/sketch_pass.ts";
import { VirtualImagePass } from "../passes/virtual_image.ts";
import type { Scan } from "../scan/scan.ts";
import type { ScanShape } from "../scan/shape.ts";
import { asShared, type SharedPreparation, withSharedBeam } from "./frame_of_series.ts";
import type { ClusterParameters } from "./parameters.ts";
import { needsBeam, needsSketch, type SettledParameters, settleParameters } from "./settle.ts";

/** Detector, and the parameters that follow from it. */
export interface DetectorGround {
  /** As given, with what a series decides for all of its frames. */
  readonly parameters: ClusterParameters;
  readonly preparation: Preparation;
  readonly settled: SettledParameters;
  /** 1 where a detector pixel takes part in the comparison; `null` = all. */
  readonly detector: Uint8Array | null;
}

/** What is sketched of each pattern. */
export interface SketchGround {
  readonly grid: DetectorGrid;
  readonly basis: SketchBasis;
}

/**
 * Looks at the detector and settles what follows from it.
 *
 * @param needBeam whether the direct beam is wanted for something else too
 * @param shared what the first frame of a series decides
 * @throws as `prepareDetector`, `settleParameters` and `demandDetectorSize`
 */
export async function groundDetector(
  scan: Scan,
  given: ClusterParameters,
  needBeam: boolean,
  shared: SharedPreparation | undefined,
  options: RunOptions,
): Promise<DetectorGround> {
  const parameters = asShared(given, shared, scan.shape);
  // On a few pixels the beam seems to fill the detector: the size is what is wrong.
  if (needsSketch(parameters)) demandDetectorSize(scan.shape);
  const found = await prepareDetector(scan, parameters, needBeam || needsBeam(parameters), options);
  return standOn(scan.shape, parameters, withSharedBeam(found, shared));
}

/** What follows from a detector that is known. */
export function standOn(
  shape: ScanShape,
  parameters: ClusterParameters,
  found: Preparation,
): DetectorGround {
  const preparation = { ...found, fill: { ...found.fill, leftOut: leftOutBy(parameters.mask) } };
  const settled = settleParameters(parameters, preparation, shape);
  const detector = detectorMaskPixels(
    settled.detectorMask,
    shape,
    settled.about,
    preparation.badPixels.masked,
  );
  return { parameters, preparation, settled, detector };
}

/**
 * What to sketch, from a sample of the scan; `null` where nothing asks for sketches or nothing but the beam is seen.
 *
 * @throws as `SketchPass.learn`
 */
export async function groundSketch(
  engine: Engine,
  scan: Scan,
  { parameters, preparation }: DetectorGround,
  options: RunOptions,
): Promise<SketchGround | null> {
  if (!needsSketch(parameters)) return null;
  return await SketchPass.learn(engine, scan, preparation, preparation.beam!, null, options);
}

/**
 * The annular dark-field image that a mask is made of, float32 (row, column); nothing where no mask asks for it.
 *
 * @throws as `runPasses`
 */
export async function maskingImage(
  engine: Engine,
  scan: Scan,
  { parameters, preparation }: Pick<DetectorGround, "parameters" | "preparation">,
  options: RunOptions,
): Promise<Float32Array | undefined> {
  if (parameters.mask.kind !== "virtual") return undefined;
  const pass = new VirtualImagePass(scan, darkFieldPixels(scan, preparation));
  return (await runPasses(engine, scan, preparation, [pass], options))[0];
}

/** Counts outside twice the radius of the direct beam, about the q centre. */
export function darkFieldPixels(
  scan: Pick<Scan, "shape">,
  { center, badPixels, beam }: Preparation,
): Uint8Array | null {
  const outside = { kind: "outside", radius: 2 * beam!.radius } as const;
  return detectorMaskPixels(outside, scan.shape, center, badPixels.masked);
}

/** Probes that a mask leaves out whatever their patterns hold. */
function leftOutBy(mask: ClusterParameters["mask"]): Uint8Array | undefined {
  return mask.kind === "pixels" ? mask.keep.map((keep) => keep ? 0 : 1) : undefined;
}
