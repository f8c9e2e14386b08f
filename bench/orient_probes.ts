/**
 * Orientations of every probe from a list of peaks, as `orient --per-probe` finds them: time and memory. The peaks are
 * those of kinematic patterns of gold, one grain for every 400 probes and 2 degrees of bend in it, with 0.003 1/Å of noise.
 *
 *     deno run -A bench/orient_probes.ts [--rows 128] [--columns 128] [--workers 2]
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { builtInCrystal, kinematicPattern, orientationPlan } from "crystallite";
import { matrixAt } from "../library/crystal/matrix.ts";
import { orientProbes } from "../library/mapping/orient_probes.ts";
import { Random } from "../library/simulation/random.ts";
import { compose, rotationAbout, toMatrix, uniformRotation } from "../library/simulation/rotation.ts";
import { wholeNumber } from "./flags.ts";
import { machine } from "./machine.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "128" },
    columns: { type: "string", default: "128" },
    workers: { type: "string", default: "2" },
  },
});
const rows = wholeNumber(values.rows, "--rows"), columns = wholeNumber(values.columns, "--columns");
const probes = rows * columns, qPixelSize = 0.02, beamEnergy = 300, middle = 96;
const plan = orientationPlan(await builtInCrystal("Au"), { beamEnergy });

/** Peaks of a grain's bent patterns in detector pixels, the direct beam among them. */
function peaksOfFilm() {
  const random = new Random(1), offsets = new Uint32Array(probes + 1);
  const row: number[] = [], column: number[] = [], height: number[] = [];
  let grain = uniformRotation(random);
  for (let probe = 0; probe < probes; probe++) {
    if (probe % 400 === 0) grain = uniformRotation(random);
    const bend = rotationAbout([1, 0, 0], (probe % 400 / 400 - 0.5) * 2 * Math.PI / 180);
    const orientation = matrixAt(toMatrix(compose(bend, grain)));
    const spots = kinematicPattern(plan.reflections, orientation, { beamEnergy, smallestIntensity: 1e-4 });
    for (let spot = 0; spot < spots.count; spot++) {
      row.push(middle + (spots.qRow[spot] + 0.003 * random.normal()) / qPixelSize);
      column.push(middle + (spots.qColumn[spot] + 0.003 * random.normal()) / qPixelSize);
      height.push(spots.intensity[spot]);
    }
    offsets[probe + 1] = row.length;
  }
  return {
    offsets,
    ...{ row: Float32Array.from(row), column: Float32Array.from(column) },
    height: Float32Array.from(height),
  };
}

const peaks = peaksOfFilm(), before = process.cpuUsage(), started = performance.now();
const resident = process.memoryUsage.rss();
let most = resident;
const matches = await orientProbes({
  ...{ peaks, plans: [plan], labels: new Int32Array(probes).fill(-1), orientations: [] },
  calibration: {
    origin: new Float32Array(2 * probes).fill(middle),
    qPixelSize: { row: qPixelSize, column: qPixelSize },
  },
}, {
  workers: wholeNumber(values.workers, "--workers"),
  onProgress: () => most = Math.max(most, process.memoryUsage.rss()),
});
const seconds = (performance.now() - started) / 1000, { user, system } = process.cpuUsage(before);
const { processor, cores, runtime } = machine(), mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
console.log(
  `${processor}, ${cores} cores, ${runtime}; load ${Deno.loadavg()[0].toFixed(1)}\n` +
    `${rows} x ${columns} probes, ${
      (peaks.row.length / probes).toFixed(1)
    } peaks each, ${matches.matched} matched: ` +
    `${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processor time ` +
    `(${((user + system) / 1e3 / probes).toFixed(3)} ms a probe), ` +
    `${mebibytes(most)} MiB at most, ${mebibytes(resident)} of them before`,
);
