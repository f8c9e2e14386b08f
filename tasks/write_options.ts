/** Writes the tables of parameters in docs/using/options.md anew, after a schema has changed. */

import { optionsPage, printTables } from "./options_page.ts";

Deno.writeTextFileSync(optionsPage, printTables(Deno.readTextFileSync(optionsPage)));
