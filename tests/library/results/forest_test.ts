/** The merge forest in a result: written, read back, refused where it is none. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { readResult } from "../../../library/results/read.ts";
import { writeResult } from "../../../library/results/write.ts";
import { CorruptFile, FileUnavailable } from "../../../library/scan/errors.ts";
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

const clustering = drawClustering(["001", "001"]);
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
    withFolder(async (folder) => {
      const out = join(folder, "out"), edges = similarity.length;
      await writeResult(out, resultOf(clustering));
      await Deno.writeFile(
        join(out, "forest_probes.npy"),
        encodeNpy("u32", [probes.length / 2, 2], Uint32Array.from(probes)),
      );
      await Deno.writeFile(
        join(out, "forest_similarity.npy"),
        encodeNpy("f32", [edges], Float32Array.from(similarity)),
      );
      await assert.rejects(readResult(out), (error) => {
        assert.ok(error instanceof CorruptFile);
        assert.match(
          error.message,
          /forest_probes\.npy does not belong to its result: this is no merge forest/,
        );
        return true;
      });
      const forest = { ...clustering.forest!, probes: Uint32Array.from(probes) };
      const broken = { ...clustering, forest: { ...forest, similarity: Float32Array.from(similarity) } };
      await assert.rejects(writeResult(join(folder, "new"), resultOf(broken)), /no merge forest/);
    }));
}

Deno.test("half a forest is refused", () =>
  withFolder(async (folder) => {
    for (const name of ["forest_probes.npy", "forest_similarity.npy"]) {
      const out = join(folder, name), path = join(out, "run.json");
      await writeResult(out, resultOf(clustering));
      await Deno.remove(join(out, name));
      await assert.rejects(readResult(out), FileUnavailable);
      const record = JSON.parse(await Deno.readTextFile(path));
      record.files = record.files.filter((file: { name: string }) => file.name !== name);
      await Deno.writeTextFile(path, JSON.stringify(record));
      await assert.rejects(readResult(out), CorruptFile);
    }
  }));
