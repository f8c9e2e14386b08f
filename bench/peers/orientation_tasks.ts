/** Patterns of gold whose orientations are known, simulated by us and, where they are installed, by other programs. */

import { type DiffractionPeaks, kinematicPattern, type Matrix3, type OrientationPlan } from "crystallite";
import { matrixAt } from "../../library/crystal/matrix.ts";
import { Random } from "../../library/simulation/random.ts";
import { toMatrix, uniformRotation } from "../../library/simulation/rotation.ts";
import { runPython } from "./run_python.ts";

export const beamEnergy = 300, maximumLength = 1.5;

/** Patterns, and their orientations. */
export interface Task {
  readonly name: string;
  readonly patterns: readonly DiffractionPeaks[];
  readonly truth: readonly Matrix3[];
}

/** Programs that simulate, by the module that a Python must have. */
const simulators = [
  { module: "py4DSTEM", script: "simulate_py4dstem.py" },
  { module: "diffsims", script: "simulate_diffsims.py" },
] as const;

/** All tasks that can be made here; `pythons` says by which Python each module is found. */
export async function tasksOf(
  plan: OrientationPlan,
  count: number,
  seed: number,
  pythons: Readonly<Record<string, string>>,
): Promise<Task[]> {
  const random = new Random(seed);
  const truth = Array.from({ length: count }, () => matrixAt(toMatrix(uniformRotation(random))));
  const exact = truth.map((orientation) => exactPeaks(plan, orientation));
  const tasks: Task[] = [
    { name: "exact", patterns: exact, truth },
    { name: "disturbed", patterns: exact.map((peaks) => disturbed(peaks, random)), truth },
  ];
  const edge = plan.crystal.cell.a, matrices = truth.map((matrix) => Array.from(matrix));
  for (const { module, script } of simulators) {
    const found = await runPython(pythons[module], script, module, {
      ...{ beamEnergy, maximumLength, edge, matrices },
    }) as { qRow: number[]; qColumn: number[]; intensity: number[] }[] | undefined;
    if (!found) continue;
    const patterns = found.map(({ qRow, qColumn, intensity }) => ({
      ...{ qRow: Float64Array.from(qRow), qColumn: Float64Array.from(qColumn) },
      intensity: Float64Array.from(intensity),
    }));
    tasks.push({ name: `${module}'s`, patterns, truth });
    tasks.push({
      name: `${module}'s, disturbed`,
      patterns: patterns.map((peaks) => disturbed(peaks, random)),
      truth,
    });
  }
  return tasks;
}

function exactPeaks({ reflections }: OrientationPlan, orientation: Matrix3): DiffractionPeaks {
  const { qRow, qColumn, intensity, reflection } = kinematicPattern(reflections, orientation, {
    ...{ beamEnergy, smallestIntensity: 1e-4 },
  });
  const shown = Array.from(reflection.keys()).filter((spot) => reflections.lengths[reflection[spot]] > 0);
  const pick = (values: Float64Array) => Float64Array.from(shown, (spot) => values[spot]);
  return { qRow: pick(qRow), qColumn: pick(qColumn), intensity: pick(intensity) };
}

/** Peaks with 0.005 1/Å of noise, without 15 % of them, with two false ones. */
function disturbed({ qRow, qColumn, intensity }: DiffractionPeaks, random: Random): DiffractionPeaks {
  const noise = () => 0.005 * random.normal();
  const peaks = Array.from(qRow.keys()).filter(() => random.uniform() >= 0.15)
    .map((peak) => [qRow[peak] + noise(), qColumn[peak] + noise(), intensity[peak]]);
  const brightest = peaks.reduce((most, [, , value]) => Math.max(most, value), 0);
  for (let extra = 0; extra < 2; extra++) {
    const angle = 2 * Math.PI * random.uniform(), length = 0.4 + random.uniform();
    peaks.push([length * Math.cos(angle), length * Math.sin(angle), brightest * random.uniform() / 2]);
  }
  const field = (index: number) => Float64Array.from(peaks, (peak) => peak[index]);
  return { qRow: field(0), qColumn: field(1), intensity: field(2) };
}
