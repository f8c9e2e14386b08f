/**
 * Orientations of gold from lists of peaks: crystallite, py4DSTEM and pyxem, one after the other in one run.
 *
 *     deno run -A bench/peers/orientations.ts [--count 150] [--seed 1] [--rounds 2] [--py4dstem-python python3]
 *         [--pyxem-python python3] [--json FILE]
 *
 * Patterns are kinematic, of random orientations at 300 keV; once exact, once with 0.005 1/Å of noise, 15 % of the peaks
 * missing and two false ones. Every program simulates its own library, zone axes at 2 degrees. Time is processor time on
 * one thread, the best of --rounds. A match is right within 3 degrees of the truth, or of the half turn about the zone
 * axis that the exact pattern does not tell from it, for all programs alike. pyxem's frame is that of eight turned and
 * mirrored ones, and of both directions of the turn, in which most of its matches are right.
 */

import process from "node:process";
import { parseArgs } from "node:util";
import {
  builtInCrystal,
  type DiffractionPeaks,
  disorientation,
  kinematicPattern,
  matchOrientations,
  type Matrix3,
  type OrientationPlan,
  orientationPlan,
  withEngine,
} from "crystallite";
import { medianOf } from "../../library/scan/median.ts";
import { Random } from "../../library/simulation/random.ts";
import { toMatrix, uniformRotation } from "../../library/simulation/rotation.ts";
import { wholeNumber } from "../flags.ts";
import { formatTable } from "../format_table.ts";
import { machine } from "../machine.ts";

const beamEnergy = 300, maximumLength = 1.5;

/** What a program says of the patterns. */
interface Answer {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Processor time of all patterns. */
  readonly seconds: number;
  /** An orientation for each pattern, in the program's own frame; `null` where it found none. */
  readonly matrices: readonly (readonly number[] | null)[];
}

/** Patterns, and the orientations that are right. */
interface Task {
  readonly name: string;
  readonly patterns: readonly DiffractionPeaks[];
  readonly right: readonly (readonly Matrix3[])[];
}

/** How good and how fast a program was. */
interface Entry {
  readonly task: string;
  readonly program: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly within: number;
  readonly median: number;
  readonly milliseconds: number;
}

/** Exact peaks, or disturbed ones. */
function peaksOf(plan: OrientationPlan, orientation: Matrix3, random: Random | undefined): DiffractionPeaks {
  const { reflections } = plan, conditions = { beamEnergy, smallestIntensity: 1e-4 };
  const { qRow, qColumn, intensity, reflection } = kinematicPattern(reflections, orientation, conditions);
  const peaks = Array.from(reflection.keys())
    .filter((spot) => reflections.lengths[reflection[spot]] > 0)
    .filter(() => !random || random.uniform() >= 0.15)
    .map((spot) => {
      const noise = () => random ? 0.005 * random.normal() : 0;
      return [qRow[spot] + noise(), qColumn[spot] + noise(), intensity[spot]];
    });
  const brightest = peaks.reduce((most, [, , value]) => Math.max(most, value), 0);
  for (let extra = 0; random && extra < 2; extra++) {
    const angle = 2 * Math.PI * random.uniform(), length = 0.4 + random.uniform();
    peaks.push([length * Math.cos(angle), length * Math.sin(angle), brightest * random.uniform() / 2]);
  }
  const field = (index: number) => Float64Array.from(peaks, (peak) => peak[index]);
  return { qRow: field(0), qColumn: field(1), intensity: field(2) };
}

async function tasksOf(plan: OrientationPlan, count: number, seed: number): Promise<Task[]> {
  const random = new Random(seed);
  const truth = Array.from({ length: count }, () => toMatrix(uniformRotation(random)) as unknown as Matrix3);
  const exact = truth.map((orientation) => peaksOf(plan, orientation, undefined));
  const found = await matchOrientations([plan], exact);
  const right = truth.map((orientation, index) => {
    const half = found[index][0]?.halfTurn;
    return half ? [orientation, half, found[index][0].orientation] : [orientation];
  });
  const disturbed = truth.map((orientation) => peaksOf(plan, orientation, random));
  return [{ name: "exact", patterns: exact, right }, { name: "disturbed", patterns: disturbed, right }];
}

async function own(plan: OrientationPlan, { patterns }: Task, refine: boolean): Promise<Answer> {
  return await withEngine({ workers: 1 }, async (engine) => {
    await matchOrientations([plan], patterns.slice(0, 20), { engine, refine });
    const before = process.cpuUsage();
    const found = await matchOrientations([plan], patterns, { engine, refine });
    const { user, system } = process.cpuUsage(before);
    return {
      name: `crystallite${refine ? "" : ", not refined"}`,
      versions: {},
      seconds: (user + system) / 1e6,
      matrices: found.map(([match]) => match?.orientation ?? null),
    };
  });
}

/** Runs a peer in a process of its own; `undefined` where it is not installed. */
async function peer(python: string, script: string, module: string, task: Task, edge: number) {
  const command = new Deno.Command(python, { args: ["-I", "-c", `import ${module}`], stderr: "null" });
  if (!await command.output().then(({ success }) => success, () => false)) return undefined;
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const patterns = task.patterns.map(({ qRow, qColumn, intensity }) => ({
      ...{ qRow: Array.from(qRow), qColumn: Array.from(qColumn), intensity: Array.from(intensity) },
    }));
    Deno.writeTextFileSync(file, JSON.stringify({ beamEnergy, maximumLength, edge, patterns }));
    const path = decodeURIComponent(new URL(script, import.meta.url).pathname);
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: ["-I", "-B", path, file],
      env: {
        ...{ OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1" },
      },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    if (!success) throw new Error(`${script} failed:\n${text(stderr)}`);
    return JSON.parse(text(stdout).split("\n").at(-1)!) as Answer;
  } finally {
    await Deno.remove(file);
  }
}

/** Degrees of every match from the nearest orientation that is right. */
function errorsOf(plan: OrientationPlan, task: Task, matrices: Answer["matrices"]): number[] {
  return matrices.map((matrix, index) =>
    matrix === null
      ? 180
      : Math.min(...task.right[index].map((one) =>
        disorientation(plan.group.rotations, matrix as unknown as Matrix3, one)
      ))
  );
}

const isRight = (error: number) => error <= 3;

/** Errors in the frame that suits the program best. */
function bestErrors(plan: OrientationPlan, task: Task, { name, matrices }: Answer): number[] {
  if (name !== "pyxem") return errorsOf(plan, task, matrices);
  const candidates = [false, true].flatMap((turned) =>
    framesOfDetector.map((frame) =>
      errorsOf(plan, task, matrices.map((matrix) => matrix && inFrame(matrix, frame, turned)))
    )
  );
  const count = (errors: readonly number[]) => errors.filter(isRight).length;
  return candidates.reduce((best, errors) => count(errors) > count(best) ? errors : best);
}

/** Quarter turns of the detector, and the same seen from behind. */
const framesOfDetector: readonly (readonly number[])[] = [
  ...[[1, 0, 0, 0, 1, 0, 0, 0, 1], [0, -1, 0, 1, 0, 0, 0, 0, 1]],
  ...[[-1, 0, 0, 0, -1, 0, 0, 0, 1], [0, 1, 0, -1, 0, 0, 0, 0, 1]],
  ...[[1, 0, 0, 0, -1, 0, 0, 0, -1], [-1, 0, 0, 0, 1, 0, 0, 0, -1]],
  ...[[0, 1, 0, 1, 0, 0, 0, 0, -1], [0, -1, 0, -1, 0, 0, 0, 0, -1]],
];

/** A matrix, transposed if it turns the other way, with columns along the axes of another frame. */
function inFrame(matrix: readonly number[], frame: readonly number[], turned: boolean): number[] {
  const m = (row: number, column: number) => turned ? matrix[3 * column + row] : matrix[3 * row + column];
  return Array.from({ length: 9 }, (_, index) => {
    const row = Math.floor(index / 3), column = index % 3;
    return [0, 1, 2].reduce((sum, between) => sum + m(row, between) * frame[3 * between + column], 0);
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "150" },
      seed: { type: "string", default: "1" },
      rounds: { type: "string", default: "2" },
      "py4dstem-python": { type: "string", default: "python3" },
      "pyxem-python": { type: "string", default: "python3" },
      json: { type: "string" },
    },
  });
  const count = wholeNumber(values.count, "--count"), seed = wholeNumber(values.seed, "--seed");
  const gold = await builtInCrystal("Au"), plan = orientationPlan(gold, { beamEnergy, maximumLength });
  const entries: Entry[] = [];
  for (const task of await tasksOf(plan, count, seed)) {
    const answers: Answer[] = [];
    for (let round = 0; round < wholeNumber(values.rounds, "--rounds"); round++) {
      const found = [
        await own(plan, task, true),
        await own(plan, task, false),
        await peer(
          values["py4dstem-python"],
          "orientation_py4dstem.py",
          "py4DSTEM",
          task,
          gold.cell.a,
        ),
        await peer(values["pyxem-python"], "orientation_pyxem.py", "pyxem", task, gold.cell.a),
      ];
      answers.push(...found.filter((answer) => answer !== undefined));
    }
    for (const [program, runs] of Map.groupBy(answers, ({ name }) => name)) {
      const errors = bestErrors(plan, task, runs[0]);
      entries.push({
        ...{ task: task.name, program, versions: runs[0].versions },
        within: errors.filter(isRight).length / errors.length,
        median: medianOf(errors),
        milliseconds: 1000 * Math.min(...runs.map(({ seconds }) => seconds)) / count,
      });
    }
  }
  report(entries);
  if (values.json) {
    Deno.writeTextFileSync(
      values.json,
      `${JSON.stringify({ ...machine(), count, seed, entries }, null, 2)}\n`,
    );
  }
}

function report(entries: readonly Entry[]): void {
  const { processor, cores, system, runtime } = machine();
  console.log(`${processor}, ${cores} cores, ${system}, ${runtime}; load ${Deno.loadavg()[0].toFixed(1)}\n`);
  const rows = entries.map(({ task, program, versions, within, median, milliseconds }) => {
    const reference = entries.find((entry) => entry.task === task)!;
    const version = versions[program] ?? "";
    return [
      ...[task, `${program} ${version}`.trim(), `${(100 * within).toFixed(1)} %`, `${median.toFixed(2)}°`],
      ...[milliseconds.toFixed(2), `${(milliseconds / reference.milliseconds).toFixed(1)} x`],
    ];
  });
  console.log(formatTable(["patterns", "program", "within 3°", "median", "ms a pattern", ""], rows, 2));
}

if (import.meta.main) await main();
