/** The version of crystallite, as deno.json states it. */

import project from "../../deno.json" with { type: "json" };

/** Version, `MAJOR.MINOR.PATCH`. */
export const version: string = project.version;
