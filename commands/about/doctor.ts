/** `crystallite doctor`: what this machine offers, and what to do where something is missing. */

import { Command } from "commander";
import { UnsupportedFormat } from "../../library/scan/errors.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatTable } from "../console/format_quantity.ts";
import { type Finding, machineChecks, runCheck } from "./machine_checks.ts";
import { addOutputOptions, type OutputFlags } from "../options/output_options.ts";

const examples = `
Examples:
  crystallite doctor
  crystallite doctor --json

Exit code 1 when something will not work.
`;

/** The command `doctor`. */
export function doctorCommand(context: CommandContext) {
  const command = new Command("doctor")
    .summary("try what this machine offers")
    .description(
      "Tries what crystallite needs of this machine – threads, memory, WebAssembly, HDF5 with its filters, the viewer, " +
        "temporary files – and says what to do where something is missing.",
    );
  return addOutputOptions(command)
    .addHelpText("after", examples)
    .action((flags: OutputFlags) =>
      runWithProgress(context, flags, async (run) => {
        const findings: Finding[] = [];
        for (const check of machineChecks) findings.push(await runCheck(check));
        const faults = findings.filter(({ state }) => state === "fault");
        run.print({ fine: faults.length === 0, findings }, text(findings));
        if (faults.length > 0 && !flags.json) {
          const names = faults.map(({ name }) => name).join(", ");
          throw new UnsupportedFormat(`not everything works on this machine: ${names}`, {
            remedy: faults[0].remedy,
          });
        }
      })
    );
}

function text(findings: readonly Finding[]): string {
  return formatTable(findings.flatMap(({ name, state, found, remedy }) => [
    [name, state === "fault" ? `FAULT: ${found}` : found] as const,
    ["", remedy === undefined ? undefined : `→ ${remedy}`] as const,
  ]));
}
