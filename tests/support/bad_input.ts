/** Files that must be refused: how a case is written down, and how the refusal is judged. */

import assert from "node:assert/strict";
import { openScan, type OpenScanOptions } from "../../library/formats/open.ts";
import { CrystalliteError, type ErrorKind } from "../../library/scan/errors.ts";
import { withFolder } from "./folders.ts";
import { readAll } from "./reading.ts";

/** A file that must be refused: how it is made, and what the error must be. */
export interface BadInput {
  readonly name: string;
  readonly kind: ErrorKind;
  /** Part of the sentence or the details. */
  readonly says: RegExp;
  readonly options?: OpenScanOptions;
  /** Makes the file in a folder; returns its path. */
  readonly make: (folder: string) => string | Promise<string>;
}

/** Registers a test for each case. */
export function testRefusals(cases: readonly BadInput[]): void {
  for (const { name, kind, says, options, make } of cases) {
    Deno.test(`${name} is refused as ${kind}, with file and remedy in plain sentences`, () =>
      withFolder(async (folder) => {
        const path = await make(folder);
        checkError(await failureOf(path, options), kind, says, folder);
      }));
  }
}

/** Makes a file of these bytes. */
export function fileOf(bytes: Uint8Array, name = "a.npy") {
  return (folder: string) => {
    Deno.writeFileSync(`${folder}/${name}`, bytes);
    return `${folder}/${name}`;
  };
}

/** Opens and reads, which must fail. */
export async function failureOf(path: string, options?: OpenScanOptions): Promise<unknown> {
  try {
    const scan = await openScan(path, options);
    try {
      await readAll(scan, 1);
    } finally {
      scan.close();
    }
  } catch (cause) {
    return cause;
  }
  return assert.fail(`${path} was read`);
}

/** Checks class, file and remedy, and that message and remedy are one sentence each. */
export function checkError(error: unknown, kind: ErrorKind, says: RegExp, folder: string): void {
  assert.ok(error instanceof CrystalliteError, `not one of ours: ${error}`);
  assert.equal(error.kind, kind, error.message);
  assert.match(JSON.stringify(error), says);
  assert.ok(error.details.file?.startsWith(folder), `the file is ${error.details.file}`);
  for (const sentence of [error.message, error.details.remedy ?? ""]) {
    assert.match(sentence, /^\S[^\n]*[^\s.]$/);
    assert.doesNotMatch(sentence.replaceAll(folder, ""), /\. [A-Z]|undefined|NaN|\[object|HDF5-DIAG/);
  }
}
