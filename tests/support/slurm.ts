/** A Slurm of one node on this machine, for tests: no daemon is left, nothing outside its folder is written. */

import { hostname } from "node:os";
import { join } from "node:path";

const programs = ["slurmctld", "slurmd", "sbatch", "squeue", "scontrol"];

/** Path of a program, or `null` where it is not installed. */
export function programPath(name: string): string | null {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin"];
  for (const folder of folders) {
    try {
      if (Deno.statSync(join(folder, name)).isFile) return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** Whether Slurm is installed. */
export function hasSlurm(): boolean {
  return Deno.build.os === "linux" && programs.every((name) => programPath(name) !== null);
}

/** Ports that nobody listens on now. */
function freePorts(): number[] {
  const listeners = [0, 0].map(() => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  listeners.forEach((listener) => listener.close());
  return ports;
}

function configuration(folder: string, user: string): string {
  const host = hostname().split(".")[0], [control, node] = freePorts();
  return [
    "ClusterName=test",
    `SlurmctldHost=${host}(127.0.0.1)`,
    "AuthType=auth/none",
    "CredType=cred/none",
    `SlurmUser=${user}`,
    `SlurmdUser=${user}`,
    `SlurmctldPort=${control}`,
    `SlurmdPort=${node}`,
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/spool`,
    `SlurmctldPidFile=${folder}/slurmctld.pid`,
    `SlurmdPidFile=${folder}/slurmd.pid`,
    `SlurmctldLogFile=${folder}/slurmctld.log`,
    `SlurmdLogFile=${folder}/slurmd.log`,
    "ProctrackType=proctrack/pgid",
    "TaskPlugin=task/none",
    "SwitchType=switch/none",
    "SelectType=select/cons_tres",
    "SelectTypeParameters=CR_CPU",
    "MpiDefault=none",
    "JobAcctGatherType=jobacct_gather/none",
    "AccountingStorageType=accounting_storage/none",
    // Many jobs at once, whatever the machine: what is tried are scripts, not speed.
    "SlurmdParameters=config_overrides",
    "SchedulerParameters=sched_min_interval=0,defer_batch=0",
    `NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=65536 State=UNKNOWN`,
    "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP",
    "",
  ].join("\n");
}

/** A Slurm that runs. */
export interface RunningSlurm {
  /** Environment that its commands need. */
  readonly environment: Record<string, string>;
  /** Waits until no job waits or runs. */
  settled(): Promise<void>;
}

/** Runs a test with a Slurm of its own. */
export async function withSlurm(
  folder: string,
  test: (slurm: RunningSlurm) => Promise<void>,
): Promise<void> {
  const user = new TextDecoder().decode(new Deno.Command("id", { args: ["-un"] }).outputSync().stdout).trim();
  for (const name of ["state", "spool"]) await Deno.mkdir(join(folder, name), { recursive: true });
  const file = join(folder, "slurm.conf");
  await Deno.writeTextFile(file, configuration(folder, user));
  const environment = { SLURM_CONF: file };
  const daemons = ["slurmctld", "slurmd"].map((name) =>
    new Deno.Command(programPath(name)!, {
      args: ["-D"],
      env: environment,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn()
  );
  const output = async (name: string, ...args: string[]) => {
    const command = new Deno.Command(programPath(name)!, {
      args,
      env: environment,
      stdout: "piped",
      stderr: "null",
    });
    const { code, stdout } = await command.output();
    return code === 0 ? new TextDecoder().decode(stdout) : null;
  };
  const until = async (what: string, holds: () => Promise<boolean>) => {
    for (const end = performance.now() + 120_000; performance.now() < end;) {
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`Slurm did not ${what}: ${await Deno.readTextFile(join(folder, "slurmctld.log"))}`);
  };
  try {
    await until("start", async () => /State=IDLE/.test(await output("scontrol", "show", "node") ?? ""));
    const settled = () => until("end its jobs", async () => await output("squeue", "--noheader") === "");
    await test({ environment, settled });
  } finally {
    for (const daemon of daemons.reverse()) {
      try {
        daemon.kill("SIGTERM");
      } catch {
        // It has ended.
      }
      await daemon.status;
    }
  }
}
