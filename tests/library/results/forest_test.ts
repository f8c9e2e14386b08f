/** The merge forest in a result: written, read back, refused where it is none. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { readForest } from "../../../library/results/forest_files.ts";
import { readResult } from "../../../library/results/read.ts";
import { writeResult } from "../../../library/results/write.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { drawClustering, resultOf } from "../../support/clustering.ts";
import { withFolder } from "../../support/folders.ts";

Deno.test("the forest of a result reads back as it was, and one of the border rule is absent", () =>
  withFolder(async (folder) => {
    const clustering = drawClustering(["0011", "0011", "2211"]);
    await writeResult(join(folder, "a"), resultOf(clustering));
    assert.deepEqual((await readResult(join(folder, "a"))).forest, clustering.forest);
    await writeResult(join(folder, "b"), resultOf({ ...clustering, forest: undefined }));
    assert.equal((await readResult(join(folder, "b"))).forest, undefined);
  }));

const shape = { rows: 2, columns: 3, patternRows: 4, patternColumns: 4 };
const hostile: Record<string, { probes: number[]; similarity: number[] }> = {
  "a probe outside the scan": { probes: [5, 8], similarity: [0.5] },
  "probes that are no neighbours": { probes: [0, 2], similarity: [0.5] },
  "neighbours around the end of a row": { probes: [2, 3], similarity: [0.5] },
  "a probe joined to itself": { probes: [1, 1], similarity: [0.5] },
  "a circle": { probes: [0, 1, 1, 4, 4, 0], similarity: [0.5, 0.5, 0.5] },
  "rising similarities": { probes: [0, 1, 1, 2], similarity: [0.5, 0.75] },
  "a similarity above one": { probes: [0, 1], similarity: [1.5] },
  "no number": { probes: [0, 1], similarity: [NaN] },
  "more edges than probes": { probes: [0, 1, 1, 2, 0, 3, 3, 4, 4, 5, 0, 4], similarity: [1, 1, 1, 1, 1, 1] },
};

for (const [name, { probes, similarity }] of Object.entries(hostile)) {
  Deno.test(`a forest with ${name} is refused`, () =>
    withFolder((folder) => {
      const edges = similarity.length;
      Deno.writeFileSync(
        join(folder, "forest_probes.npy"),
        encodeNpy("u32", [probes.length / 2, 2], Uint32Array.from(probes)),
      );
      Deno.writeFileSync(
        join(folder, "forest_similarity.npy"),
        encodeNpy("f32", [edges], Float32Array.from(similarity)),
      );
      assert.throws(() => readForest(folder, shape), CorruptFile);
    }));
}
