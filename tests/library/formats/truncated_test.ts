/** Files that were not copied whole: each format says how much is missing, and what to do. */

import assert from "node:assert/strict";
import { openFile } from "../../../library/formats/open.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { withFolder } from "../../support/folders.ts";
import { arrayReaders } from "../../support/fuzzing/arrays_corpus.ts";
import { recordingReaders } from "../../support/fuzzing/recordings_corpus.ts";
import type { Subject } from "../../support/fuzzing/subject.ts";

/** The end of a zip file is its directory; folders of frames have no end. */
const readers = [...arrayReaders, ...recordingReaders].filter(({ name }) =>
  !["npz", "prz", "frames"].includes(name)
);

/** What is said of a file whose last bytes are missing. */
async function said({ files, opens, options }: Subject, lost: number): Promise<string> {
  let text = "";
  await withFolder(async (folder) => {
    for (const [name, bytes] of files) Deno.writeFileSync(`${folder}/${name}`, bytes);
    // A description beside the patterns is small, so the largest file is theirs.
    const [[largest, bytes]] = [...files].sort(([, a], [, b]) => b.length - a.length);
    Deno.truncateSync(`${folder}/${largest}`, bytes.length - lost);
    try {
      const opened = await openFile(`${folder}/${opens}`, options);
      text = opened.warnings.join("\n");
      opened.close();
    } catch (cause) {
      assert.ok(cause instanceof CrystalliteError, String(cause));
      text = `${cause.message}; ${cause.details.remedy}`;
    }
  });
  return text;
}

for (const reader of readers) {
  Deno.test(`${reader.name} without its last bytes says what is missing`, async () => {
    for (const subject of await reader.subjects()) {
      for (const lost of [1, 9]) {
        const text = await said(subject, lost);
        // Where nothing counts the patterns, those that are whole are all that is known; tags end behind the numbers.
        const known =
          /\d+ bytes? (is|are) missing|were announced|bytes? after the last whole frame|bytes of .* ignored|^$/;
        assert.match(text, known, `${subject.name}: ${text}`);
        assert.ok(text !== "" || reader.name === "dm" || reader.name === "tiff", subject.name);
      }
    }
  });
}

Deno.test("a file that ends inside what is needed names the bytes and the remedy", async () => {
  const [subject] = await arrayReaders.find(({ name }) => name === "npy")!.subjects();
  assert.match(
    await said(subject, 5),
    /a\.npy ends too early: 5 bytes are missing; copy or export the file again, and/,
  );
});
