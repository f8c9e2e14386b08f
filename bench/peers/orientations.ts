/**
 * Orientations of gold from lists of peaks: crystallite, py4DSTEM and pyxem, one after the other in one run.
 *
 *     deno run -A bench/peers/orientations.ts [--count 150] [--seed 1] [--rounds 2] [--threads 1]
 *         [--py4dstem-python python3] [--pyxem-python python3] [--json FILE]
 *
 * Patterns are kinematic, of random orientations at 300 keV: of our own simulation and, where they are installed, of
 * py4DSTEM's and diffsims', which share none of our code; once exact, once with 0.005 1/Å of noise, 15 % of the peaks
 * missing and two false ones. Every program simulates its own library, zone axes at 2 degrees, and is timed after a first
 * match that compiles. Time is processor time of all threads, the best of --rounds, and time on the clock. A match is right
 * within 3 degrees of the truth, or of half a turn about the beam from it, which a pattern tells only by its curvature, for
 * all programs alike. pyxem's frame is that of eight turned and mirrored ones, and of both directions of the turn, in which
 * most of its matches are right.
 */

import process from "node:process";
import { parseArgs } from "node:util";
import {
  builtInCrystal,
  disorientation,
  matchOrientations,
  type Matrix3,
  type OrientationPlan,
  orientationPlan,
  withEngine,
} from "crystallite";
import { medianOf } from "../../library/scan/median.ts";
import { wholeNumber } from "../flags.ts";
import { formatTable } from "../../tasks/documentation/table.ts";
import { machine } from "../machine.ts";
import { beamEnergy, maximumLength, type Task, tasksOf } from "./orientation_tasks.ts";
import { runPython } from "./run_python.ts";

/** What a program says of the patterns. */
interface Answer {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Processor time of all patterns, and time on the clock. */
  readonly seconds: number;
  readonly wall: number;
  /** An orientation for each pattern, in the program's own frame; `null` where it found none. */
  readonly matrices: readonly (readonly number[] | null)[];
}

/** How good and how fast a program was. */
interface Entry {
  readonly task: string;
  readonly program: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly within: number;
  readonly median: number;
  /** Processor time and time on the clock, a pattern. */
  readonly milliseconds: number;
  readonly wall: number;
}

async function own(
  plan: OrientationPlan,
  { patterns }: Task,
  workers: number,
  options: { readonly refine?: boolean; readonly exhaustive?: boolean },
): Promise<Answer> {
  return await withEngine({ workers }, async (engine) => {
    // As others, after a first match that compiles: the runtime does so bit by bit, and has done after some thousand.
    for (let pass = 0; pass < 10; pass++) await matchOrientations([plan], patterns, { engine, ...options });
    const before = process.cpuUsage(), started = performance.now();
    const found = await matchOrientations([plan], patterns, { engine, ...options });
    const { user, system } = process.cpuUsage(before);
    const how = [options.refine === false && "not refined", options.exhaustive && "exhaustive"].filter(
      Boolean,
    );
    return {
      name: ["crystallite", ...how].join(", "),
      versions: {},
      ...{ seconds: (user + system) / 1e6, wall: (performance.now() - started) / 1e3 },
      matrices: found.map(([match]) => match?.orientation ?? null),
    };
  });
}

/** Answers of a peer to each task, in one process of its own; none where it is not installed. */
async function peer(
  python: string,
  module: string,
  tasks: readonly Task[],
  edge: number,
  threads: number,
): Promise<Answer[][]> {
  const lists = tasks.map(({ patterns }) =>
    patterns.map(({ qRow, qColumn, intensity }) => ({
      ...{ qRow: Array.from(qRow), qColumn: Array.from(qColumn), intensity: Array.from(intensity) },
    }))
  );
  const input = { beamEnergy, maximumLength, edge, threads, tasks: lists };
  const script = `orientation_${module.toLowerCase()}.py`;
  return await runPython(python, script, module, input, threads) as Answer[][] | undefined ??
    tasks.map(() => []);
}

/** Degrees of every match from the nearest orientation that is right. */
function errorsOf(plan: OrientationPlan, task: Task, matrices: Answer["matrices"]): number[] {
  return matrices.map((matrix, index) =>
    matrix === null
      ? 180
      : Math.min(...[task.truth[index], inFrame(task.truth[index], halfTurn, false)].map((one) =>
        disorientation(plan.group.rotations, matrix as unknown as Matrix3, one as unknown as Matrix3)
      ))
  );
}

/** Half a turn about the beam. */
const halfTurn = [-1, 0, 0, 0, -1, 0, 0, 0, 1];

const isRight = (error: number) => error <= 3;

/** Errors in the frame that suits the program best. */
function bestErrors(plan: OrientationPlan, task: Task, { name, matrices }: Answer): number[] {
  if (!name.startsWith("pyxem")) return errorsOf(plan, task, matrices);
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
      threads: { type: "string", default: "1" },
      rounds: { type: "string", default: "2" },
      "py4dstem-python": { type: "string", default: "python3" },
      "pyxem-python": { type: "string", default: "python3" },
      json: { type: "string" },
    },
  });
  const count = wholeNumber(values.count, "--count"), seed = wholeNumber(values.seed, "--seed");
  const threads = wholeNumber(values.threads, "--threads");
  const gold = await builtInCrystal("Au"), plan = orientationPlan(gold, { beamEnergy, maximumLength });
  const pythons = {
    py4DSTEM: values["py4dstem-python"],
    ...{ diffsims: values["pyxem-python"], pyxem: values["pyxem-python"] },
  };
  const entries: Entry[] = [], tasks = await tasksOf(plan, count, seed, pythons);
  const answers = tasks.map((): Answer[] => []);
  for (let round = 0; round < wholeNumber(values.rounds, "--rounds"); round++) {
    for (const [index, task] of tasks.entries()) {
      for (const options of [{}, { refine: false }, { exhaustive: true }]) {
        answers[index].push(await own(plan, task, threads, options));
      }
    }
    for (const module of ["py4DSTEM", "pyxem"] as const) {
      const found = await peer(pythons[module], module, tasks, gold.cell.a, threads);
      found.forEach((list, index) => answers[index].push(...list));
    }
  }
  for (const [index, task] of tasks.entries()) {
    for (const [program, runs] of Map.groupBy(answers[index], ({ name }) => name)) {
      const errors = bestErrors(plan, task, runs[0]);
      const least = (field: "seconds" | "wall") => 1000 * Math.min(...runs.map((run) => run[field])) / count;
      entries.push({
        ...{ task: task.name, program, versions: runs[0].versions },
        within: errors.filter(isRight).length / errors.length,
        median: medianOf(errors),
        ...{ milliseconds: least("seconds"), wall: least("wall") },
      });
    }
  }
  report(entries);
  if (values.json) {
    Deno.writeTextFileSync(
      values.json,
      `${JSON.stringify({ ...machine(), count, seed, threads, entries }, null, 2)}\n`,
    );
  }
}

function report(entries: readonly Entry[]): void {
  const { processor, cores, system, runtime } = machine();
  console.log(`${processor}, ${cores} cores, ${system}, ${runtime}; load ${Deno.loadavg()[0].toFixed(1)}\n`);
  const rows = entries.map(({ task, program, versions, within, median, milliseconds, wall }) => {
    const times = (reference: string) => {
      const other = entries.find((entry) => entry.task === task && entry.program === reference)!;
      return `${(milliseconds / other.milliseconds).toFixed(1)} x`;
    };
    const version = versions[program.split(",")[0]] ?? "";
    return [
      ...[task, `${program} ${version}`.trim(), `${(100 * within).toFixed(1)} %`, `${median.toFixed(2)}°`],
      ...[milliseconds.toFixed(3), wall.toFixed(3), times("crystallite"), times("crystallite, not refined")],
    ];
  });
  const head = ["patterns", "program", "within 3°", "median", "ms a pattern", "on the clock"];
  console.log(formatTable([...head, "to refined", "to not refined"], rows, 2));
}

if (import.meta.main) await main();
