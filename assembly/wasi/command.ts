// crystallite's exact clustering as a WASI command, for sandboxes: a `.npy` scan in, its clusters out as `.npy`, in one
// thread and bounded memory, with the bytes of `crystallite cluster --exact --bad-pixels none`. It is written without
// managed memory, because the adapter that makes a component of it has pages of its own.

import { writeAverages } from "./averages";
import { compareNeighbours } from "./compare";
import { automaticThreshold, buildForest, forestEdges, forestProbes, forestSimilarity, quantileThreshold } from "./forest";
import { clusters, growClusters, meanSimilarity } from "./growth";
import { detectorPixels, probesOfFile, triangleThreshold } from "./masks";
import { free, take } from "./memory";
import * as options from "./options";
import { prepareSorting } from "./order";
import { beginArray, endArray, finishOutput, prepareOutput, writeArray } from "./output";
import { again, columns, openScan, patternBytes, rows } from "./scan";
import { STDERR, STDOUT } from "./system";
import { complain, fail, flush, say, sayDecimal, sayNumber, sayTo } from "./text";

/** Entry point of a WASI command. */
export function _start(): void {
  options.readOptions();
  openScan();
  prepareOutput();
  const probes = <u64>rows * <u64>columns;
  const mask = take(probes), similarity = take(32 * probes), mean = take(4 * probes), labels = take(4 * probes);
  probesOfFile(mask);
  const averages = options.averaging && (options.arrays & options.AVERAGES) != 0;
  compareNeighbours(averages && !again && mustKeep(probes), detectorPixels(), mask, similarity);
  meanSimilarity(similarity, mean);
  admit(mean, mask);
  prepareSorting(4 * probes);
  if (options.borderWidth == 0) buildForest(similarity, mask);
  const threshold = thresholdOf(mask);
  growClusters(similarity, mean, mask, <f32>threshold, labels);
  write(options.LABELS, "<i4", 2, 4, labels);
  if (averages) writeAverages(labels);
  write(options.MEAN, "<f4", 2, 4, mean);
  write(options.SIMILARITY, "<f4", 3, 32, similarity);
  write(options.MASK, "|u1", 2, 1, mask);
  if (options.borderWidth == 0) writeForest();
  finishOutput();
  summarise(threshold);
}

/** Patterns of a pipe are kept for the averages; the run fails where they do not fit. */
function mustKeep(probes: u64): bool {
  const bytes = probes * <u64>patternBytes;
  if (bytes > free()) {
    complain();
    say("averages need the patterns twice, and a pipe can be read only once; to keep ");
    sayNumber(<i64>((bytes + 1048575) / 1048576));
    say(" MiB is more than --memory allows\n  give a file in a folder, standard input from a file, a larger --memory, or --average none");
    fail(1);
  }
  return true;
}

/** The mask by its rule. */
function admit(mean: usize, mask: usize): void {
  if (options.probeMask != options.TRIANGLE && options.probeMask != options.ABOVE) return;
  const above = options.probeMask == options.ABOVE ? options.maskAbove : triangleThreshold(mean, rows * columns);
  for (let probe: usize = 0; probe < <usize>rows * columns; probe++) {
    store<u8>(mask + probe, <f64>load<f32>(mean + (probe << 2)) > above ? 1 : 0);
  }
}

function thresholdOf(mask: usize): f64 {
  if (options.thresholdKind == options.AUTO) return automaticThreshold(mask);
  return options.thresholdKind == options.QUANTILE ? quantileThreshold(options.threshold) : options.threshold;
}

/** Writes an array of all probes if it is wanted. */
function write(array: i32, numbers: string, axes: i32, bytes: usize, from: usize): void {
  if (!(options.arrays & array)) return;
  beginArray(array, numbers, rows, columns, axes == 3 ? 8 : 0);
  writeArray(from, <usize>rows * columns * bytes);
  endArray();
}

function writeForest(): void {
  if (options.arrays & options.FOREST_PROBES) {
    beginArray(options.FOREST_PROBES, "<u4", forestEdges, 2, 0);
    writeArray(forestProbes, <usize>forestEdges << 3);
    endArray();
  }
  if (options.arrays & options.FOREST_SIMILARITY) {
    beginArray(options.FOREST_SIMILARITY, "<f4", forestEdges, 0, 0);
    writeArray(forestSimilarity, <usize>forestEdges << 2);
    endArray();
  }
}

/** Says what was found: on standard output where nothing else goes there. */
function summarise(threshold: f64): void {
  flush();
  sayTo(options.outLength > 0 ? STDOUT : STDERR);
  sayNumber(clusters);
  say(clusters == 1 ? " cluster in " : " clusters in ");
  sayNumber(<i64>rows * columns);
  say(" probes, threshold ");
  sayDecimal(threshold);
  say("\n");
  flush();
}
