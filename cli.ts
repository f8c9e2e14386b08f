/** The command line of crystallite: `deno run -A cli.ts COMMAND …`. */

import { processIO } from "./commands/console/command_io.ts";
import { main } from "./commands/program.ts";

if (import.meta.main) Deno.exit(await main(Deno.args, processIO()));
