/** Watches which files are opened or looked at. */

import fs from "node:fs";
import { isAbsolute, resolve } from "node:path";

/** What a guard saw. */
export interface Guard {
  /** Paths outside the places allowed since the last call. */
  take(): readonly string[];
  /** Puts everything back. */
  release(): void;
}

const denoNames = [
  ...["open", "openSync", "stat", "statSync", "lstat", "lstatSync", "readDir", "readDirSync", "readFile"],
  ...[
    "readFileSync",
    "readTextFile",
    "readTextFileSync",
    "readLink",
    "readLinkSync",
    "realPath",
    "realPathSync",
  ],
] as const;
const nodeNames = [
  "open",
  "openSync",
  "readFileSync",
  "statSync",
  "lstatSync",
  "readdirSync",
  "readlinkSync",
] as const;

type Functions = Record<string, (path: string | URL, ...others: unknown[]) => unknown>;

/**
 * Watches all functions of this thread that take the path of a file.
 *
 * @param allowed folders in which everything may be read
 */
export function guardFiles(allowed: readonly string[]): Guard {
  const seen = new Set<string>(), restore: (() => void)[] = [];
  const inside = (path: string) => allowed.some((folder) => path === folder || path.startsWith(`${folder}/`));
  const watch = (functions: Functions, names: readonly string[]) => {
    for (const name of names) {
      const original = functions[name];
      functions[name] = (path, ...others) => {
        const text = path instanceof URL ? path.pathname : String(path);
        const whole = isAbsolute(text) ? resolve(text) : resolve(Deno.cwd(), text);
        if (!inside(whole)) seen.add(whole);
        return original(path, ...others);
      };
      restore.push(() => functions[name] = original);
    }
  };
  watch(Deno as unknown as Functions, denoNames);
  watch(fs as unknown as Functions, nodeNames);
  return {
    take() {
      const paths = Array.from(seen);
      seen.clear();
      return paths;
    },
    release: () => restore.forEach((undo) => undo()),
  };
}
