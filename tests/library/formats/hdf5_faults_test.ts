/** HDF5 files that hung, crashed, misled or exhausted earlier readers: each ends at once, with right values or a sentence. */

import assert from "node:assert/strict";
import { openFile, type OpenScanOptions } from "../../../library/formats/open.ts";
import type { ErrorKind } from "../../../library/scan/errors.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";

/** What becomes of each file: an error of this kind, or data with these warnings. */
const faults: readonly (readonly [
  name: string,
  outcome: ErrorKind | "read",
  says: RegExp,
  options?: OpenScanOptions,
])[] = [
  ["abort_bz2_fd_leak.h5", "CorruptFile", /chunks is damaged/],
  ["ansi.h5", "read", /^$/],
  ["esc_extlink_cwd.h5", "FileUnavailable", /cwdsecret\.h5, which is missing/],
  ["esc_softlink_below_16_levels.h5", "FileUnavailable", /not in its folder/],
  ["esc_vds_percent_b_cwd.h5", "CorruptFile", /impossible shape 0 x/],
  ["hang_bz2.h5", "CorruptFile", /chunks is damaged/],
  ["hang_gcol_1byte.hspy", "CorruptFile", /not in its heap/],
  ["mem_2gib_1byte.h5", "read", /^$/, {
    scanShape: { rows: 2, columns: 2 },
    dataset: "/entry/data/data",
  }],
  ["poison_vds.h5", "CorruptFile", /cannot be read as HDF5/],
  ["selfloop.h5", "read", /^$/],
  ["uninit_1byte.h5", "CorruptFile", /chunk of an impossible size/],
  ["unwritten_never.h5", "read", /never written: their pixels are zero/],
];

for (const [name, outcome, says, options = {}] of faults) {
  sharedTest(`${name}: ${outcome}, and nothing stays open`, async () => {
    const path = sharedPath(`cases/faults/${name}`);
    assert.ok(path, "the folder of faults is there with the others");
    let found: string, said: string;
    try {
      const opened = await openFile(path, options);
      try {
        await readAll(isSeries(opened) ? opened.frame(0) : opened);
        found = "read";
        said = opened.warnings.join("\n");
      } finally {
        opened.close();
      }
    } catch (cause) {
      if (!(cause instanceof CrystalliteError)) throw cause;
      found = cause.kind;
      said = cause.message + (cause.details.found ?? "");
      assert.ok(cause.details.remedy);
    }
    assert.equal(found, outcome, said);
    assert.match(said, says);
  });
}

Deno.test("chunks that were never written are the fill value, whatever lay in memory before, and that is said", () =>
  withFolder(async (folder) => {
    const shape = [4, 3, 2, 8], data = new Uint16Array(4 * 3 * 16).fill(0xabcd);
    for (const compression of [undefined, 1]) {
      const path = await writeHdf5(`${folder}/a.h5`, (file) => {
        const dataset = file.create_dataset({
          ...{ name: "scan", data, shape, maxshape: [null, 3, 2, 8], chunks: [1, 3, 2, 8], compression },
        });
        dataset.resize([9, 3, 2, 8]);
      });
      const opened = await openFile(path);
      assert.ok(!isSeries(opened));
      assert.match(
        opened.warnings.join(),
        /5 of 9 chunks of \/scan were never written: their pixels are zero/,
      );
      const expected = new Uint16Array(9 * 48);
      expected.set(data);
      for (const rows of [1, 2, 9]) {
        assert.deepEqual(await readAll(opened, rows), expected);
        assert.deepEqual(await readAll(opened, rows, true), expected);
      }
      // Canary: what is read into holds a pattern before.
      const into = new Uint16Array(48).fill(0x5a5a);
      await opened.readRows(7, 1, into);
      assert.ok(into.every((value) => value === 0));
      opened.close();
    }
  }));
