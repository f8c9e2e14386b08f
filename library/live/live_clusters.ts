/**
 * Clusters of the rows of a scan that have come so far, by growth: provisional, until the whole scan is clustered. Each row
 * is compared once, with the one before it; what the detector is like is looked at anew as often as the rows have doubled.
 */

import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import { runPasses } from "../engine/run_passes.ts";
import { planComparison } from "../cluster/comparison_plan.ts";
import type { ClusterParameters } from "../cluster/parameters.ts";
import { needsBeam, type SettledParameters, settleParameters } from "../cluster/settle.ts";
import { BlankPass } from "../passes/blank_patterns.ts";
import { detectorMaskPixels } from "../passes/detector/detector_mask.ts";
import { type Preparation, prepareDetector } from "../passes/detector/preparation.ts";
import { selectRegion } from "../scan/region.ts";
import type { Scan } from "../scan/scan.ts";
import { deriveScan } from "../scan/derive.ts";
import { GrowingGroups, type LiveLabels } from "./growing_groups.ts";

/** Probes after which the detector is known well enough. */
const knownWell = 2 ** 17;

/** What patterns are compared by. */
interface Comparing {
  readonly preparation: Preparation;
  readonly parameters: SettledParameters;
  /** 1 where a detector pixel takes part; `null` = all. */
  readonly detector: Uint8Array | null;
}

/** Clusters that grow with their scan. */
export class LiveClusters {
  readonly #engine: Engine;
  readonly #parameters: ClusterParameters;
  readonly #groups: GrowingGroups;
  #comparing: Comparing | undefined;
  /** Rows with which the detector is looked at again. */
  #lookAt = 1;
  #beginnings = 0;

  /**
   * @param rows of the whole scan, as far as is known
   */
  constructor(engine: Engine, parameters: ClusterParameters, rows: number, columns: number) {
    this.#engine = engine;
    this.#parameters = parameters;
    this.#groups = new GrowingGroups(parameters, rows, columns);
  }

  /** Rows that are compared. */
  get rows(): number {
    return this.#groups.rows;
  }

  /** How often rows were compared from the first one on, because more was known of the detector. */
  get beginnings(): number {
    return this.#beginnings;
  }

  /**
   * float32 (row, column, 4): similarities of rows first..end-1, which have all their neighbours, as
   * `RunOptions.onSimilarity` gives them.
   */
  similarities(first: number, end: number): Float32Array<ArrayBuffer> {
    return this.#groups.similarities(first, end);
  }

  /** Begins anew, for a recording that did. */
  restart(): void {
    this.#comparing = undefined;
    this.#lookAt = 1;
    this.#again();
  }

  /**
   * Compares the rows up to `rows` of a scan that has at least these.
   *
   * @throws {CorruptFile} when a pattern cannot be read or compared
   * @throws {Aborted} when the signal fires
   */
  async take(scan: Scan, rows: number, options: RunOptions): Promise<void> {
    if (rows <= this.#groups.rows) return;
    const quiet = { engine: this.#engine, signal: options.signal };
    if (rows >= this.#lookAt) await this.#look(partOf(scan, 0, rows), rows, quiet);
    const { preparation, parameters, detector } = this.#comparing!;
    const first = Math.max(0, this.#groups.rows - 1), part = partOf(scan, first, rows);
    const masked = preparation.badPixels.masked;
    const plan = planComparison({ scan: part, parameters, detector, masked, options: {} });
    const blank = new BlankPass(part, preparation.electrons ?? 0);
    if (plan.kind === "fast") {
      const [{ forward }, blanks] = await runPasses(
        ...[this.#engine, part, preparation] as const,
        [plan.comparing, blank] as const,
        quiet,
      );
      return this.#groups.take(first, rows, forward, blanks);
    }
    const passes = [plan.comparing(undefined), blank] as const;
    const [forward, blanks] = await runPasses(this.#engine, part, preparation, passes, quiet);
    this.#groups.take(first, rows, forward, blanks);
  }

  /** The clusters of the rows so far. */
  labels(): LiveLabels {
    return this.#groups.labels();
  }

  /** Looks at the detector; what was compared otherwise is compared again. */
  async #look(scan: Scan, rows: number, options: RunOptions): Promise<void> {
    this.#lookAt = rows * scan.shape.columns < knownWell ? 2 * rows : Infinity;
    const parameters = this.#parameters;
    const preparation = await prepareDetector(scan, parameters, needsBeam(parameters), options);
    const settled = settleParameters(parameters, preparation, scan.shape);
    const detector = detectorMaskPixels(
      ...[settled.detectorMask, scan.shape, settled.about, preparation.badPixels.masked] as const,
    );
    const comparing = { preparation, parameters: provisional(settled), detector };
    if (this.#comparing && comparedBy(comparing) !== comparedBy(this.#comparing)) this.#again();
    this.#comparing = comparing;
  }

  #again(): void {
    if (this.#groups.rows > 0) this.#beginnings++;
    this.#groups.clear();
  }
}

/** What needs all rows, or those around one, is left to the clustering of the whole scan. */
function provisional(settled: SettledParameters): SettledParameters {
  const known = { method: "growth", threshold: 0, mask: { kind: "none" } } as const;
  return { ...settled, ...known, prefilter: null, exact: false, borderWidth: 0 };
}

/** What similarities depend on, as text. */
function comparedBy({ preparation: { fill, badPixels }, parameters, detector }: Comparing): string {
  const { blur, metric } = parameters;
  return JSON.stringify([blur, metric, badPixels, fill.largestBelieved, detector && Array.from(detector)]);
}

function partOf(scan: Scan, firstRow: number, lastRow: number): Scan {
  const { rows, columns } = scan.shape;
  const part = firstRow === 0 && lastRow === rows
    ? scan
    : selectRegion(scan, { firstRow, lastRow, firstColumn: 0, lastColumn: columns });
  // The scan stays open.
  return deriveScan(part, { close: () => {} });
}
