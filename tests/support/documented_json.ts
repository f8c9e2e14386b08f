/** Keys that `--json` prints, against those of its page. */

import assert from "node:assert/strict";
import { read } from "./pages.ts";

/** The page that says what `--json` prints. */
export const jsonPage = "docs/using/json.md";

/** What a command prints according to its section: keys, and the commands whose keys it has too. */
interface Documented {
  readonly keys: ReadonlySet<string>;
  readonly like: readonly string[];
}

/** Sections of the page by their heading. */
export const documented: ReadonlyMap<string, Documented> = new Map(
  read(jsonPage).split(/^## /m).slice(1).map((section) => {
    const rows = Array.from(section.matchAll(/^\|(.*?)\|/gm), ([, cell]) => cell);
    const keys = rows.flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, key]) => key));
    const like = Array.from(section.matchAll(/\[`(\w+)`\]\(#\1\)/g), ([, command]) => command);
    return [section.split("\n")[0], { keys: new Set(keys), like }];
  }),
);

/** The keys that a command may print. */
export function keysOf(command: string): Set<string> {
  const section = documented.get(command);
  assert.ok(section, `${jsonPage} has no section about ${command}`);
  const further = section.like.flatMap((other) => [...documented.get(other)!.keys]);
  return new Set([...section.keys, ...further, ...documented.get("Every command")!.keys]);
}

/**
 * The documented keys that a printed value has. A key that stands in the page alone speaks for all that is below it.
 *
 * @throws {AssertionError} when it has a key that the page does not name
 */
export function printedKeys(command: string, value: unknown): Set<string> {
  const known = keysOf(command), printed = new Set<string>();
  const hasOwn = (path: string) => Array.from(known).some((key) => key.startsWith(`${path}.`));
  const visit = (value: unknown, path: string): void => {
    if (known.has(path)) printed.add(path);
    if (path !== "" && known.has(path) && !hasOwn(path)) return;
    if (Array.isArray(value)) return value.forEach((item) => visit(item, path));
    if (value !== null && typeof value === "object") {
      const below = path === "" ? "" : `${path}.`;
      return Object.entries(value).forEach(([key, part]) => visit(part, below + key));
    }
    assert.ok(known.has(path), `${command} --json prints ${path}, which ${jsonPage} does not name`);
  };
  visit(value, "");
  return printed;
}
