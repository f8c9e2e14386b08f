/**
 * Turns the output of `deno bench --json` into a table on standard output: for each step GB/s of raw data, its share of
 * what the machine allows as roofline_bench.ts measured it on as many threads, and the ratio to plain TypeScript, from
 * the best run of each variant. Several files of one machine may be named on the command line;
 * then the best of all counts, which is what a machine needs that others use too. 1 GB is 10^9 bytes.
 */

import { formatTable } from "../tasks/documentation/table.ts";
import type { Load, Roof } from "./step.ts";

/** The part of the output that is read. */
interface Report {
  readonly runtime: string;
  readonly cpu: string;
  readonly benches: readonly {
    readonly name: string;
    readonly results: readonly { readonly ok?: Times; readonly failed?: unknown }[];
  }[];
}

/** Nanoseconds of a run. */
interface Times {
  readonly n: number;
  readonly min: number;
  readonly p75: number;
}

interface Row {
  readonly step: string;
  readonly variant: string;
  readonly bytes: number;
  /** What limits the step, and how much of it a run takes. */
  readonly load?: Load;
  readonly times: Times;
}

/** The rows of a report; a bench without a variant and a size has neither. */
function parseReport(report: Report): Row[] {
  return report.benches.map(({ name, results }) => {
    const times = results[0]?.ok;
    if (!times) throw new Error(`${name} failed: ${JSON.stringify(results)}`);
    const [step, variant = "", size = "", taken] = name.split(" | ");
    const [roof, amount] = taken?.split(" ") ?? [];
    const load = taken ? { roof: roof as Roof, amount: Number(amount) } : undefined;
    return { step, variant, bytes: 1e6 * parseFloat(size), load, times };
  });
}

/** What a nanosecond of a variant gives of each roof, by `roof variant`. */
function rooflines(rows: readonly Row[]): Map<string, number> {
  return new Map(
    rows.filter(({ step, load }) => step.startsWith("roofline") && load)
      .map(({ variant, load, times }) => [`${load!.roof} ${variant}`, load!.amount / times.min]),
  );
}

function tableOf(rows: readonly Row[]): string {
  const plain = new Map(
    rows.filter(({ variant }) => variant.startsWith("plain")).map((row) => [row.step, row]),
  );
  const roofs = rooflines(rows);
  const cells = rows.map((row) => {
    const { step, variant, bytes, load, times } = row;
    const twin = plain.get(step);
    const ratio = twin ? twin.times.min / twin.bytes / (times.min / bytes) : NaN;
    const roof = load && roofs.get(`${load.roof} ${variant}`);
    return [
      step,
      variant,
      bytes > 0 ? format(bytes / 1e6, 1) : "",
      format(times.min / 1e6, 2),
      format(times.p75 / 1e6, 2),
      String(times.n),
      bytes > 0 ? format(bytes / times.min, 3) : "",
      load?.roof === "f32" || load?.roof === "i16" ? format(load.amount / times.min, 1) : "",
      roof && !step.startsWith("roofline")
        ? `${format(100 * load.amount / times.min / roof, 0)} % ${load.roof}`
        : "",
      row === twin ? "" : format(ratio, 1),
    ];
  });
  const heads = [
    "step",
    "variant",
    "MB",
    "best ms",
    "p75 ms",
    "runs",
    "GB/s",
    "Gop/s",
    "of roofline",
    "x plain",
  ];
  return formatTable(heads, cells, 2);
}

function format(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "";
}

/** One row for each bench of any file: the one with the best run, with the number of runs of all. */
function mergeBest(rows: readonly Row[]): Row[] {
  const best = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.step} ${row.variant}`, other = best.get(key);
    const n = row.times.n + (other?.times.n ?? 0);
    const { min, p75 } = other && other.times.min < row.times.min ? other.times : row.times;
    best.set(key, { ...row, times: { n, min, p75 } });
  }
  return Array.from(best.values());
}

if (import.meta.main) {
  const reports: Report[] = Deno.args.map((path) => JSON.parse(Deno.readTextFileSync(path)));
  const [{ cpu, runtime }] = reports;
  console.log(`${cpu}, ${runtime}\n\n${tableOf(mergeBest(reports.flatMap(parseReport)))}`);
}
