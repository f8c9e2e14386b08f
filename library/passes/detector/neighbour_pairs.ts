/** Pairs of patterns of neighbouring probes: what is alike in them is signal, what differs is noise. */

import type { Engine } from "../../engine/engine.ts";
import type { PatternLoader } from "../../engine/pattern_loader.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import { pixelCount, type ScanShape } from "../../scan/shape.ts";

/** Rows and places in each that pairs are taken from: 64 pairs say enough; of large patterns 16 do. */
const pairRows = 16, pairPlaces = 4;
/** Numbers of all pairs together, beyond which fewer places are taken. */
const mostNumbers = 2 ** 20;

/** Patterns in the type in which they are computed, (qy, qx) row-major. */
export type WorkingPattern = Uint8Array | Uint16Array | Float32Array;

/** Two patterns of neighbouring probes. */
export type PatternPair = readonly [WorkingPattern, WorkingPattern];

/** Probes whose right neighbours, or those below in a scan of one column, make pairs with them; rising. */
export function pairProbes(shape: ScanShape, sampledRows: Int32Array): Int32Array {
  const { rows, columns } = shape;
  const each = columns > 1 ? columns - 1 : rows - 1;
  if (each === 0) return new Int32Array(0);
  const spread = (count: number, length: number) =>
    Array.from({ length: count }, (_, i) => Math.floor((i + 0.5) * length / count));
  if (columns === 1) return Int32Array.from(spread(Math.min(each, mostPairs(shape)), each));
  const chosen = spread(Math.min(pairRows, sampledRows.length), sampledRows.length).map((i) =>
    sampledRows[i]
  );
  const places = Math.max(1, Math.floor(Math.min(mostPairs(shape), each * chosen.length) / chosen.length));
  return Int32Array.from(
    chosen.flatMap((row) => spread(Math.min(places, each), each).map((column) => row * columns + column)),
  );
}

function mostPairs(shape: ScanShape): number {
  const fitting = Math.floor(mostNumbers / (2 * pixelCount(shape)));
  return Math.max(pairRows, Math.min(pairRows * pairPlaces, fitting));
}

/** Reads the pairs that begin at some probes; what is not finite becomes 0. */
export async function readPairs(
  engine: Engine,
  loader: PatternLoader,
  probes: Int32Array,
): Promise<PatternPair[]> {
  const { shape, dtype } = loader.scan, pixels = pixelCount(shape);
  const View = { U8: Uint8Array, U16: Uint16Array, F32: Float32Array }[workingType(dtype)];
  const pairs: PatternPair[] = [];
  const read = async (probe: number): Promise<WorkingPattern> => {
    const mark = engine.mark();
    const { address } = await loader.load(Int32Array.of(probe), false);
    const pattern = engine.view<WorkingPattern>(View, address, pixels).slice();
    engine.release(mark);
    return pattern;
  };
  for (const probe of probes) pairs.push([await read(probe), await read(probe + 1)]);
  return pairs;
}
