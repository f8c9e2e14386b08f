/** A series with known drift and tracks: a window that moves over one simulated film. */

import { encodeNpy } from "../../library/formats/npy_writer.ts";
import { simulateScan } from "../../library/simulation/scan.ts";

/** Rows and columns of a frame, of the film, and pixels of a pattern along each side. */
export const frameSide = 20, filmSide = 28, patternSide = 32;
const pixels = patternSide ** 2;

/** Where the window lies in each frame: the specimen moves the other way. */
export const windowPlaces = [[3, 3], [4, 1], [2, 2], [5, 4]] as const;

/** Patterns of the frames, and the true grain of each of their probes. */
export function movingWindow(): { frames: Uint16Array[]; truth: Int32Array[] } {
  const scan = simulateScan({
    ...{ rows: filmSide, columns: filmSide, patternRows: patternSide, patternColumns: patternSide },
    ...{ grains: 7, twinFraction: 0, seed: 4, strain: 0, bend: 0, dose: 8000 },
  });
  const all = new Uint16Array(filmSide * filmSide * pixels);
  scan.readRows(0, filmSide, all);
  const frames = windowPlaces.map(() => new Uint16Array(frameSide * frameSide * pixels));
  const truth = windowPlaces.map(() => new Int32Array(frameSide * frameSide));
  windowPlaces.forEach(([top, left], frame) => {
    for (let row = 0; row < frameSide; row++) {
      const from = (top + row) * filmSide + left;
      const patterns = all.subarray(from * pixels, (from + frameSide) * pixels);
      frames[frame].set(patterns, row * frameSide * pixels);
      truth[frame].set(scan.truth.labels.subarray(from, from + frameSide), row * frameSide);
    }
  });
  return { frames, truth };
}

/** Writes frames as one array of five axes. */
export function writeFrames(path: string, frames: readonly Uint16Array[]): void {
  const data = new Uint16Array(frames.length * frameSide * frameSide * pixels);
  frames.forEach((frame, index) => data.set(frame, index * frame.length));
  const shape = [frames.length, frameSide, frameSide, patternSide, patternSide];
  Deno.writeFileSync(path, encodeNpy("u16", shape, data));
}

/** The frames twice; in the second half one grain has the patterns of a neighbour, so that its track merges. */
export function mergingFrames(): Uint16Array[] {
  const { frames, truth } = movingWindow(), width = frameSide;
  const [gone, host] = touchingGrains(truth[0], width);
  const later = frames.map((frame, index) => {
    const changed = frame.slice(), source = truth[index].indexOf(host);
    const pattern = frame.subarray(source * pixels, (source + 1) * pixels);
    truth[index].forEach((grain, probe) => grain === gone && changed.set(pattern, probe * pixels));
    return changed;
  });
  return [...frames, ...later];
}

/** Two large grains that touch. */
function touchingGrains(labels: Int32Array, width: number): [number, number] {
  const borders = new Map<string, number>();
  for (let probe = 0; probe + 1 < labels.length; probe++) {
    const [one, other] = [labels[probe], labels[probe + 1]];
    if ((probe + 1) % width === 0 || one === other) continue;
    const key = one < other ? `${one},${other}` : `${other},${one}`;
    borders.set(key, (borders.get(key) ?? 0) + 1);
  }
  const [[key]] = [...borders].sort((one, other) => other[1] - one[1]);
  return key.split(",").map(Number) as [number, number];
}
