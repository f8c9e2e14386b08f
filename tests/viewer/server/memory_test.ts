/** A scan larger than the memory opens, clusters with live progress, and can be cancelled, within the limit. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withFolder } from "../../support/folders.ts";
import { writeZeros } from "../../support/scan_files.ts";

const script = fileURLToPath(new URL("../../support/small_server.ts", import.meta.url));
const shape = { rows: 128, columns: 128, patternRows: 144, patternColumns: 144 };

for (const memory of [288 * 2 ** 20, 400 * 2 ** 20]) {
  Deno.test({
    name: `a scan of 340 MB with --memory ${
      memory / 2 ** 20
    }M: live rows, cancelled within a second, memory kept`,
    // The largest memory of a process is read from /proc.
    ignore: Deno.build.os !== "linux",
    fn: () =>
      withFolder(async (folder) => {
        const path = await writeZeros(folder, shape);
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--quiet", "--no-check", script, folder, path, String(memory)],
          env: { NO_COLOR: "1" },
        }).output();
        assert.equal(code, 0, new TextDecoder().decode(stderr));
        const found = JSON.parse(new TextDecoder().decode(stdout));
        const shown = JSON.stringify(found);
        assert.equal(found.last, "cancelled", shown);
        assert.ok(found.liveRows >= 32 && found.liveRows < 128, shown);
        assert.ok(found.untilCancelled < 1000, shown);
        assert.deepEqual([found.ended, found.rows, found.averages], ["done", 128, 1], shown);
        assert.ok(found.progress >= 3, shown);
        assert.ok(found.peak < memory, shown);
      }),
  });
}
