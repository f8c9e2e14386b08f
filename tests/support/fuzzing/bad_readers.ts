/** Readers that handle damaged files wrongly, for tests of what watches over them. */

import { CorruptFile } from "../../../library/scan/errors.ts";
import type { FuzzedReader } from "./subject.ts";

/** A reader of one file that does `wrong` when the first byte is another one. */
function bad(name: string, wrong: (path: string) => Promise<unknown>): FuzzedReader {
  const read = (path: string) => {
    const [first] = Deno.readFileSync(path);
    if (first === undefined) {
      return Promise.reject(new CorruptFile("nothing is there", { file: path, remedy: "copy it again" }));
    }
    return first === 7 ? Promise.resolve() : wrong(path);
  };
  const files = new Map([["a", Uint8Array.of(7, 7, 7, 7)]]);
  return { name, subjects: () => Promise.resolve([{ name, files, opens: "a", patterns: "packed", read }]) };
}

const kept: Uint8Array[] = [];

/** Each by what it does. */
export const readers: readonly FuzzedReader[] = [
  bad("hanging", () => {
    for (;;);
  }),
  bad("ending", () => Deno.exit(3)),
  bad("greedy", () => {
    kept.push(new Uint8Array(100 * 2 ** 20).fill(1));
    return Promise.resolve();
  }),
];
