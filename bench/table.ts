/**
 * Turns the output of `deno bench --json` into a table on standard output: for each step GB/s of raw data and the ratio
 * to plain TypeScript, from the best run of each variant. Several files of one machine may be named on the command line;
 * then the best of all counts, which is what a machine needs that others use too. 1 GB is 10^9 bytes.
 */

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
  readonly times: Times;
}

/** The rows of a report; a bench without a variant and a size has neither. */
function parseReport(report: Report): Row[] {
  return report.benches.map(({ name, results }) => {
    const times = results[0]?.ok;
    if (!times) throw new Error(`${name} failed: ${JSON.stringify(results)}`);
    const [step, variant = "", size = ""] = name.split(" | ");
    return { step, variant, bytes: 1e6 * parseFloat(size), times };
  });
}

function formatTable(rows: readonly Row[]): string {
  const plain = new Map(
    rows.filter(({ variant }) => variant.startsWith("plain")).map((row) => [row.step, row]),
  );
  const cells = rows.map((row) => {
    const { step, variant, bytes, times } = row;
    const twin = plain.get(step);
    const ratio = twin ? twin.times.min / twin.bytes / (times.min / bytes) : NaN;
    return [
      step,
      variant,
      format(bytes / 1e6, 1),
      format(times.min / 1e6, 2),
      format(times.p75 / 1e6, 2),
      String(times.n),
      format(bytes / times.min, 3),
      row === twin ? "" : format(ratio, 1),
    ];
  });
  const heads = ["step", "variant", "MB", "best ms", "p75 ms", "runs", "GB/s", "x plain"];
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((cell) => cell[column].length))
  );
  const line = (cell: readonly string[]) =>
    `| ${cell.map((text, i) => i < 2 ? text.padEnd(widths[i]) : text.padStart(widths[i])).join(" | ")} |`;
  const rule = `| ${
    widths.map((width, i) => i < 2 ? "-".repeat(width) : "-".repeat(width - 1) + ":").join(" | ")
  } |`;
  return [line(heads), rule, ...cells.map(line)].join("\n");
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
  console.log(`${cpu}, ${runtime}\n\n${formatTable(mergeBest(reports.flatMap(parseReport)))}`);
}
