/** The checker of accessibility rules. As the driver of the browser (playwright.ts) it stands in `tests/deno.lock` alone. */

export { default as axe } from "npm:axe-core@4.14.1";
