/** What a machine offers to crystallite: each check tries the thing itself and says what to do where it fails. */

import { clusterScan } from "../../library/cluster/pipeline.ts";
import { defaultParameters } from "../../library/cluster/presets.ts";
import { loadSpaceGroups } from "../../library/crystal/space_groups.ts";
import { workerCount } from "../../library/engine/limits.ts";
import { loadHdf5 } from "../../library/formats/hdf5/library.ts";
import { inTemporaryFolder } from "../../library/formats/temporary_file.ts";
import { version } from "../../library/results/version.ts";
import { simulateScan } from "../../library/simulation/scan.ts";
import { formatBytes, formatCount, formatSeconds } from "../console/format_quantity.ts";

/** What a check found. */
export interface Finding {
  /** What was looked at. */
  readonly name: string;
  /** `fine`; `note`: works, with less than there could be; `fault`: something will not work. */
  readonly state: "fine" | "note" | "fault";
  readonly found: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** A check; what it throws is a fault. */
export interface MachineCheck {
  readonly name: string;
  /** What to do when it throws. */
  readonly remedy: string;
  run(): Omit<Finding, "name"> | Promise<Omit<Finding, "name">>;
}

/** Memory that runs stay within unless told otherwise, in bytes. */
const defaultMemory = 2 ** 30;

/** The checks, in the order in which they are told. */
export const machineChecks: readonly MachineCheck[] = [
  {
    name: "program",
    remedy: "install crystallite again",
    run() {
      const { os, arch } = Deno.build;
      const kind = Deno.build.standalone ? "executable" : "sources";
      return fine(`crystallite ${version}, ${kind}, Deno ${Deno.version.deno} on ${os} ${arch}`);
    },
  },
  {
    name: "threads",
    remedy: "give the number with --workers",
    run() {
      const cores = navigator.hardwareConcurrency, threads = workerCount({});
      const found = `${formatCount(cores, "core")}, ${
        formatCount(threads, "thread")
      } unless --workers says otherwise`;
      if (cores === 1) {
        return { state: "note", found, remedy: "more cores make runs faster; nothing else changes" };
      }
      return fine(found);
    },
  },
  {
    name: "memory",
    remedy: "give --memory",
    async run() {
      const { state } = await Deno.permissions.query({ name: "sys", kind: "systemMemoryInfo" });
      if (state !== "granted") return fine("may not be asked for; runs stay within 1.07 GB");
      const { total, available } = Deno.systemMemoryInfo();
      const found = `${formatBytes(available)} of ${formatBytes(total)} free; runs stay within 1.07 GB`;
      if (available >= defaultMemory) return fine(found);
      return {
        state: "note",
        found,
        remedy: "close other programs, or give a lower --memory, 266M at least",
      };
    },
  },
  {
    name: "kernels",
    remedy: "run deno task build in the folder of crystallite, on a processor with SIMD",
    async run() {
      const scan = simulateScan({
        rows: 24,
        columns: 24,
        patternRows: 48,
        patternColumns: 48,
        grains: 3,
        seed: 1,
      });
      const started = performance.now();
      await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
      const seconds = (performance.now() - started) / 1000;
      return fine(
        `576 simulated patterns clustered on all threads in ${formatSeconds(seconds)}`,
      );
    },
  },
  {
    name: "HDF5",
    remedy:
      "let the program read the folder of its packages (--allow-read), and install it again if that is given",
    async run() {
      const { pluginFolder } = await loadHdf5();
      const plugins = Array.from(
        Deno.readDirSync(pluginFolder),
        ({ name }) => /^libH5Z(\w+)\./.exec(name)?.[1],
      )
        .filter((name) => name !== undefined).sort();
      return fine(`readable, with the filters ${plugins.join(", ")}`);
    },
  },
  {
    name: "crystals",
    remedy:
      "let the program read the folder of its packages (--allow-read), and install it again if that is given",
    async run() {
      await loadSpaceGroups();
      return fine("tables of space groups are there");
    },
  },
  {
    name: "viewer",
    remedy: "run deno task build in the folder of crystallite",
    async run() {
      await import("../../_fresh/server.js");
      return fine("built");
    },
  },
  {
    name: "temporary files",
    remedy: "name a folder that can be written in TMPDIR",
    run() {
      const folder = inTemporaryFolder(() => Deno.makeTempDirSync({ prefix: "crystallite-" }));
      Deno.removeSync(folder);
      return fine("can be written; converted formats and HDF5 filters need them");
    },
  },
];

const fine = (found: string) => ({ state: "fine", found }) as const;

/** Runs a check. */
export async function runCheck({ name, remedy, run }: MachineCheck): Promise<Finding> {
  try {
    return { name, ...await run() };
  } catch (cause) {
    const found = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    return { name, state: "fault", found, remedy };
  }
}
