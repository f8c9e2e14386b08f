/** Peak resident memory of a process, on Linux. */

const gnuTime = "/usr/bin/time";

/** How a process ended. */
export interface ProcessPeak {
  /** Largest resident set in bytes, as `/usr/bin/time -v` counts it. */
  readonly peak: number;
  readonly seconds: number;
}

/**
 * Runs a command and measures it: by GNU time where it is installed, otherwise by asking the system again and again,
 * which may miss what happens in the last 20 ms.
 *
 * @throws {Error} when the command fails, with what it wrote to standard error
 */
export async function runMeasured(command: string, args: readonly string[]): Promise<ProcessPeak> {
  if (Deno.build.os !== "linux") throw new Error("peak memory is measured on Linux only");
  const started = performance.now();
  const peak = await exists(gnuTime) ? await byGnuTime(command, args) : await byPolling(command, args);
  return { peak, seconds: (performance.now() - started) / 1000 };
}

async function byGnuTime(command: string, args: readonly string[]): Promise<number> {
  const file = await Deno.makeTempFile({ prefix: "crystallite-peak-" });
  try {
    const child = new Deno.Command(gnuTime, { args: ["-f", "%M", "-o", file, command, ...args] });
    demandSuccess(await child.output());
    return 1024 * Number(Deno.readTextFileSync(file));
  } finally {
    await Deno.remove(file);
  }
}

async function byPolling(command: string, args: readonly string[]): Promise<number> {
  return (await runPolled(command, args)).peak;
}

/**
 * Runs a command for a time at most, and asks the system for its memory again and again.
 *
 * @throws {Error} when the command fails before, with what it wrote to standard error
 */
export async function runPolled(
  command: string,
  args: readonly string[],
  mostSeconds = Infinity,
): Promise<ProcessPeak & { readonly ended: boolean }> {
  const child = new Deno.Command(command, { args: [...args], stdout: "null", stderr: "piped" }).spawn();
  const started = performance.now(), seconds = () => (performance.now() - started) / 1000;
  let peak = 0, ended = true;
  const timer = setInterval(() => {
    // The process may have ended meanwhile.
    try {
      const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
      peak = Math.max(peak, 1024 * Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    if (ended && seconds() > mostSeconds) {
      ended = false;
      child.kill("SIGKILL");
    }
  }, 20);
  try {
    const output = await child.output();
    if (ended) demandSuccess(output);
  } finally {
    clearInterval(timer);
  }
  return { peak, seconds: seconds(), ended };
}

function demandSuccess({ success, stderr }: Pick<Deno.CommandOutput, "success" | "stderr">): void {
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
