/**
 * The library that drives a browser. It is neither in deno.json nor in deno.lock: Deno fetches all that is named there, and who
 * runs crystallite does not need this one. `tests/deno.lock` holds its checksum.
 */

export * from "npm:playwright-core@1.65.1";
