/** Progress on standard error: a bar on a terminal, plain lines elsewhere. */

import { Presets, SingleBar } from "cli-progress";
import type { Progress } from "../../library/engine/options.ts";
import type { CommandIO } from "./command_io.ts";
import { formatSeconds } from "./format_quantity.ts";

/** Shows how far a command is. */
export interface ProgressDisplay {
  /** To be passed on as `onProgress`. */
  report(progress: Progress): void;
  /** Leaves standard error ready for other text. Call it before writing anything else there. */
  stop(): void;
}

/** Milliseconds between two plain lines of one stage. */
const lineInterval = 2000;

/** The display that suits where standard error goes. */
export function progressDisplay(io: CommandIO, quiet: boolean): ProgressDisplay {
  if (io.takeProgress) return { report: io.takeProgress, stop() {} };
  if (quiet) return { report() {}, stop() {} };
  return io.terminal ? bar(io.terminal) : lines(io);
}

/** One bar per stage; a finished stage keeps its bar. */
function bar(terminal: NonNullable<CommandIO["terminal"]>): ProgressDisplay {
  let current: SingleBar | null = null, stage = "", started = 0;
  const stop = () => {
    current?.stop();
    current = null;
  };
  return {
    report({ stage: name, done, total }) {
      if (current === null && name === stage && done >= total) return;
      if (current === null || name !== stage) {
        stop();
        stage = name;
        started = performance.now();
        current = new SingleBar({
          stream: terminal,
          format: `${name.padEnd(22)} {bar} {percentage} %  {remaining}`,
          hideCursor: true,
          barsize: 30,
          // Ctrl-C is ours: interrupts.ts
          gracefulExit: false,
        }, Presets.shades_classic);
        current.start(total, done, { remaining: "" });
      }
      current.setTotal(total);
      current.update(done, { remaining: timing(started, done, total) });
      if (done >= total) stop();
    },
    stop,
  };
}

/** A line at the end of each stage, and one every two seconds in between. */
function lines(io: CommandIO): ProgressDisplay {
  let stage = "", started = 0, lastLine = 0, ended = false;
  return {
    report({ stage: name, done, total }) {
      const now = performance.now();
      if (name !== stage) stage = name, started = lastLine = now, ended = false;
      const end = done >= total;
      if (ended || !end && now - lastLine < lineInterval) return;
      ended = end, lastLine = now;
      const percent = total > 0 ? Math.floor(100 * done / total) : 100;
      io.writeError(`${name}: ${percent} %  ${timing(started, done, total)}\n`);
    },
    stop() {},
  };
}

/** Time taken by a finished stage, or the time left at the speed so far. */
function timing(started: number, done: number, total: number): string {
  const seconds = (performance.now() - started) / 1000;
  if (done >= total) return formatSeconds(seconds);
  return done > 0 && seconds > 0.5 ? `${formatSeconds(seconds * (total - done) / done)} left` : "";
}
