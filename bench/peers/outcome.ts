/** What a peer answers: its times, and the results that show that it computed the same. */

/** Steps that every peer times. */
export const steps = ["similarity", "clusters", "averages"] as const;

/** Seconds of the steps of one run. */
export type Seconds = Readonly<Record<typeof steps[number], number>>;

/** The line of JSON that a peer prints. */
export interface Answer {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Scan rows and columns that were clustered. */
  readonly shape: readonly [rows: number, columns: number];
  readonly runs: readonly Seconds[];
  readonly notes: readonly string[];
}

/** Results of a peer. */
export interface Results {
  /** float32 (rows, columns, 4): neighbours at (0,1) (1,-1) (1,0) (1,1); NaN outside the scan. */
  readonly similarity: Float32Array;
  /** int32 (rows, columns): any numbers for the clusters, -1 = none. */
  readonly labels: Int32Array;
  /** float32 (clusters, pixels), in the order of the numbers. */
  readonly averages: Float32Array;
}

const names = { similarity: "similarity.f32", labels: "labels.i32", averages: "averages.f32" } as const;

/** Writes the results of a peer into a folder. */
export function writeResults(folder: string, results: Results): void {
  for (const key of ["similarity", "labels", "averages"] as const) {
    const { buffer, byteOffset, byteLength } = results[key];
    Deno.writeFileSync(
      `${folder}/${names[key]}`,
      new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
    );
  }
}

/** Reads the results of a peer. */
export function readResults(folder: string): Results {
  const bytes = (key: keyof typeof names) => Deno.readFileSync(`${folder}/${names[key]}`).buffer;
  return {
    similarity: new Float32Array(bytes("similarity")),
    labels: new Int32Array(bytes("labels")),
    averages: new Float32Array(bytes("averages")),
  };
}

/** How far results are apart. */
export interface Agreement {
  /** Largest difference of two similarities. */
  readonly similarity: number;
  /** Largest difference of two averaged pixels, as a part of the brightest. */
  readonly averages: number;
}

/** Similarities may differ by float32 sums of other orders, and by the shortcuts of the fast path. */
const similarityTolerance = 1e-5;
const averageTolerance = 1e-6;

/**
 * Compares the results of a peer with those of crystallite; clusters may be numbered otherwise.
 *
 * @throws {Error} when they are not the same
 */
export function demandSame(found: Results, expected: Results, name: string): Agreement {
  const similarity = largestDifference(found.similarity, expected.similarity);
  if (!(similarity <= similarityTolerance)) {
    throw new Error(`${name}: similarities differ by ${similarity}`);
  }
  const numbers = matchClusters(found.labels, expected.labels);
  if (!numbers) throw new Error(`${name}: the clusters are others`);
  const pixels = expected.averages.length / numbers.length;
  if (found.averages.length !== expected.averages.length) throw new Error(`${name}: averages are missing`);
  const brightest = expected.averages.reduce((a, b) => Math.max(a, b), 0);
  const averages = numbers.reduce((largest, other, cluster) => {
    const own = found.averages.subarray(other * pixels, (other + 1) * pixels);
    const theirs = expected.averages.subarray(cluster * pixels, (cluster + 1) * pixels);
    return Math.max(largest, largestDifference(own, theirs));
  }, 0) / brightest;
  if (!(averages <= averageTolerance)) throw new Error(`${name}: averages differ by ${averages}`);
  return { similarity, averages };
}

/** Largest difference; infinite where a value is missing on one side only. */
function largestDifference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < found.length; i++) {
    if (Number.isNaN(found[i]) !== Number.isNaN(expected[i])) return Infinity;
    // Comparisons with NaN are false, so pairs that are both missing do not count.
    if (Math.abs(found[i] - expected[i]) > largest) largest = Math.abs(found[i] - expected[i]);
  }
  return largest;
}

/** For each expected cluster the number it has among those found; null when the two are not the same partition. */
function matchClusters(found: Int32Array, expected: Int32Array): number[] | null {
  if (found.length !== expected.length) return null;
  const numbers: number[] = [], taken = new Map<number, number>();
  for (let probe = 0; probe < expected.length; probe++) {
    const own = expected[probe], other = found[probe];
    if ((own < 0) !== (other < 0)) return null;
    if (own < 0) continue;
    if ((numbers[own] ??= other) !== other || (taken.get(other) ?? own) !== own) return null;
    taken.set(other, own);
  }
  return numbers;
}

/** Part of the neighbours that the threshold keeps apart: in the simulated scans about those across borders of grains. */
const apart = 0.17;
/** How far from there the threshold may be. */
const reach = 0.002;

/** A threshold that rounding does not turn: near what keeps neighbours across borders apart, the widest gap's middle. */
export function clearThreshold(similarity: Float32Array): number {
  const sorted = similarity.filter((value) => !Number.isNaN(value)).sort();
  const wanted = sorted[Math.floor(apart * sorted.length)];
  let threshold = wanted, widest = 0;
  for (let i = 1; i < sorted.length; i++) {
    const gap = sorted[i] - sorted[i - 1], middle = (sorted[i] + sorted[i - 1]) / 2;
    if (gap <= widest || Math.abs(middle - wanted) > reach) continue;
    widest = gap;
    threshold = middle;
  }
  return threshold;
}
