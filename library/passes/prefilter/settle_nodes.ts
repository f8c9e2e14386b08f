/**
 * Whether the prefilter may weigh patterns at nodes: correlations from nodes are held against those from all pixels on blocks
 * of probes all over the scan. The answer depends on scan and parameters alone, so every path comes to the same weights.
 */

import { at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import { type FillTable, workingBytes, workingType } from "../../engine/loaded_scan.ts";
import { ArenaMemory } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import { PatternLoader } from "../../engine/pattern_loader.ts";
import { turn } from "../../engine/turn.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import { NodeRows } from "./node_rows.ts";
import { choosePatternNodes, type PatternNodes } from "./nodes/pattern_nodes.ts";
import type { PrefilterParameters } from "./parameters.ts";
import { type Weighing, WeightedRows } from "./weighted_rows.ts";

/** Blocks along either axis of the scan, and probes along either side of a block. */
const blocks = 4, blockSide = 3;
/** Largest error of a correlation with which nodes are believed. */
const largestError = 5e-6;
/** Correlations so far below the range have weight 0 whatever their error. */
const belowRange = 0.05;

/** How the prefilter weighs patterns. */
export interface SettledNodes {
  /** `null`: on all pixels. */
  readonly nodes: PatternNodes | null;
  /** Largest error of a correlation that was seen, where nodes were tried. */
  readonly observedError?: number;
}

/**
 * Chooses nodes, and looks whether they are accurate enough.
 *
 * @param masked flat indices of detector pixels that get no weight
 * @throws {CorruptFile} when values are not finite or cannot be read
 */
export async function settleNodes(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  parameters: PrefilterParameters,
  masked: readonly number[],
  { signal, onProgress }: Pick<RunOptions, "signal" | "onProgress">,
): Promise<SettledNodes> {
  const checked = controlBlocks(scan.shape);
  const progress = (done: number) => onProgress?.({ stage: "prefilter check", done, total: checked.length });
  progress(0);
  // Choosing takes up to a second, in which nobody hears of anything.
  await turn(signal);
  const nodes = choosePatternNodes(scan.shape, parameters, masked);
  if (!nodes) {
    // Nothing is left to check.
    progress(checked.length);
    return { nodes };
  }
  await scan.preparation?.run({ signal, onProgress, available: engine.available });
  const least = parameters.range[0] - belowRange;
  const mark = engine.mark();
  let observedError = 0;
  try {
    const loader = new PatternLoader(engine, scan, fill);
    try {
      const control = new Control(engine, scan, [
        new NodeRows(scan, nodes),
        new WeightedRows(scan, parameters, masked),
      ]);
      for (const [index, probes] of checked.entries()) {
        const [found, exact] = await control.correlations(loader, probes);
        exact.forEach((value, i) => {
          if (value >= least) observedError = Math.max(observedError, Math.abs(found[i] - value));
        });
        progress(index + 1);
        await turn(signal);
      }
    } finally {
      loader.close();
    }
  } finally {
    engine.release(mark);
  }
  return { nodes: observedError <= largestError ? nodes : null, observedError };
}

/**
 * The nodes that {@link settleNodes} came to, by what it saw.
 *
 * @param observedError largest error of a correlation; `undefined` where no nodes were tried
 */
export function settledNodes(
  shape: Scan["shape"],
  parameters: PrefilterParameters,
  masked: readonly number[],
  observedError: number | undefined,
): PatternNodes | null {
  const believed = observedError !== undefined && observedError <= largestError;
  return believed ? choosePatternNodes(shape, parameters, masked) : null;
}

/** Flat indices of the probes of each block, spread evenly over the scan; blocks of a small scan overlap or are fewer. */
export function controlBlocks({ rows, columns }: Pick<Scan["shape"], "rows" | "columns">): Int32Array[] {
  const places = (length: number) => {
    const most = Math.max(0, length - blockSide);
    return [...new Set(Array.from({ length: blocks }, (_, i) => Math.floor((i + 0.5) * most / blocks)))];
  };
  const height = Math.min(blockSide, rows), width = Math.min(blockSide, columns);
  return places(rows).flatMap((top) =>
    places(columns).map((left) =>
      Int32Array.from(
        { length: height * width },
        (_, i) => (top + Math.floor(i / width)) * columns + left + i % width,
      )
    )
  );
}

/** Correlates the patterns of blocks in several ways. */
class Control {
  constructor(readonly engine: Engine, readonly scan: Scan, readonly ways: readonly Weighing[]) {
    const memory = new ArenaMemory(engine, 0);
    for (const way of ways) way.reserve(memory);
    memory.settle();
  }

  /** Correlations of all pairs of a block's probes, each pattern with itself included, by each way. */
  async correlations(loader: PatternLoader, probes: Int32Array): Promise<Float32Array[]> {
    const { engine, scan, ways } = this, count = probes.length;
    const mark = engine.mark();
    const { address } = await loader.load(probes);
    const patternBytes = pixelCount(scan.shape) * workingBytes(workingType(scan.dtype));
    const outputs = ways.map(({ length }) => engine.allocate(4 * length * count));
    const results = ways.map(() => engine.allocate(4 * count * count));
    await engine.run(
      ways.flatMap((way, i) =>
        Array.from(
          probes,
          (_, pattern) =>
            way.call(at(address, pattern * patternBytes), at(outputs[i], 4 * way.length * pattern), 1),
        )
      ),
    );
    const zeros = results.map((result) => engine.view(Float32Array, result, count * count).fill(0));
    await engine.run(
      ways.map(({ length }, i): KernelCall => [
        "correlate",
        outputs[i],
        outputs[i],
        count,
        0,
        count,
        length,
        0,
        count - 1,
        results[i],
        count,
      ]),
    );
    const found = zeros.map((view) => view.slice());
    engine.release(mark);
    return found;
  }
}
