/**
 * Every kernel beside the same loops in C (bench/peers/kernels/) on the same data in one run: the two take turns, and
 * the best run of each counts. One thread. The results are compared before any time is taken.
 *
 *     deno run -A bench/peers/kernels.ts [--cc gcc] [--seconds 1] [--filter NAME] [--json FILE]
 *
 * Prints GB/s of raw data of both and WASM / C, which is to be 0.7 or more.
 */

import { parseArgs } from "node:util";
import { Engine } from "../../library/engine/engine.ts";
import { demandEqual, scratchBytes, type Step } from "../step.ts";
import { allSteps } from "../steps/all.ts";
import { formatTable } from "../../tasks/documentation/table.ts";
import { machine } from "../machine.ts";
import { compilerFlags, NativeKernels } from "./native.ts";

/** Best times of a step in milliseconds. */
interface Comparison {
  readonly step: string;
  readonly rawBytes: number;
  readonly wasm: number;
  readonly native: number;
  readonly runs: number;
}

const target = 0.7;

/** Times a step: kernels and C in turn, for some seconds in all and at least five runs each. */
async function compare(
  engine: Engine,
  native: NativeKernels,
  step: Step,
  seconds: number,
): Promise<Comparison | null> {
  const mark = engine.mark();
  const placed = step.place(engine);
  if (!placed.native) return null;
  const reset = placed.reset ?? (() => void placed.result.fill(0));
  const runNative = native.bind(engine, placed.native);
  const runWasm = async () => {
    for (const batch of placed.batches) await engine.run(batch);
  };
  reset();
  await runWasm();
  const expected = placed.result.slice();
  reset();
  runNative();
  demandEqual(step, placed.result, expected, "kernel and C");

  const best = { wasm: Infinity, native: Infinity };
  // The first runs warm up: the kernels are compiled twice, quickly first and well later.
  const warm = performance.now() + 200 * seconds, end = warm + 1000 * seconds;
  let runs = 0;
  while (runs < 5 || performance.now() < end) {
    const start = performance.now();
    await runWasm();
    const middle = performance.now();
    runNative();
    const stop = performance.now();
    if (start < warm) continue;
    best.wasm = Math.min(best.wasm, middle - start);
    best.native = Math.min(best.native, stop - middle);
    runs++;
  }
  engine.release(mark);
  return { step: step.name, rawBytes: step.rawBytes, ...best, runs };
}

function printTable(comparisons: readonly Comparison[]): void {
  const rate = (bytes: number, milliseconds: number) => (bytes / milliseconds / 1e6).toFixed(2);
  console.log(formatTable(
    ["step", "WASM GB/s", "C GB/s", "WASM / C", "runs", ""],
    comparisons.map(({ step, rawBytes, wasm, native, runs }) => [
      step,
      rate(rawBytes, wasm),
      rate(rawBytes, native),
      (native / wasm).toFixed(2),
      String(runs),
      native / wasm < target ? `below ${target}` : "",
    ]),
    1,
  ));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cc: { type: "string", default: "cc" },
      seconds: { type: "string", default: "1" },
      filter: { type: "string", default: "" },
      json: { type: "string" },
    },
  });
  if (Deno.build.arch !== "x86_64") {
    throw new Error("the comparison is defined for x86-64: it limits C to the 128-bit vectors of SSE 4.1");
  }
  const native = await NativeKernels.compile(values.cc);
  const engine = await Engine.create({ workers: 1, memory: 2 ** 31 });
  try {
    engine.allocateScratch(scratchBytes);
    const comparisons: Comparison[] = [];
    for (const step of (await allSteps()).filter(({ name }) => name.includes(values.filter))) {
      const comparison = await compare(engine, native, step, Number(values.seconds));
      if (comparison) comparisons.push(comparison);
      else console.log(`skipped, there is no C of it: ${step.name}`);
    }
    const facts = {
      ...machine(),
      compiler: await compilerVersion(values.cc),
      flags: compilerFlags.join(" "),
    };
    console.log(`${facts.processor}, ${facts.runtime}; ${facts.compiler}, ${facts.flags}; one thread\n`);
    printTable(comparisons);
    if (values.json) Deno.writeTextFileSync(values.json, JSON.stringify({ ...facts, comparisons }, null, 2));
  } finally {
    engine.close();
    native.close();
  }
}

async function compilerVersion(compiler: string): Promise<string> {
  const { stdout } = await new Deno.Command(compiler, { args: ["--version"] }).output();
  return new TextDecoder().decode(stdout).split("\n")[0];
}

if (import.meta.main) await main();
