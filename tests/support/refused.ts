/** Texts that parsers must not understand. */

import assert from "node:assert/strict";
import { BadParameter } from "../../library/scan/errors.ts";

/** Asserts that each text is refused by an error that says what was found and has a remedy. */
export function assertRefused(parse: (text: string) => unknown, texts: readonly string[]): void {
  for (const text of texts) {
    assert.throws(() => parse(text), (error) => {
      assert(error instanceof BadParameter, `"${text}" gave ${error}`);
      assert.equal(
        error.details.found,
        text.trim() === error.details.found ? text.trim() : error.details.found,
      );
      assert(error.details.remedy, `"${text}" is refused without a remedy`);
      assert(!error.message.includes("\n"));
      return true;
    }, `"${text}" was accepted`);
  }
}
