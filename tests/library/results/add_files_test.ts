/** What later analyses add to a result: clusters.h5 follows, everything else stays, and damage changes nothing. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { loadHdf5 } from "../../../library/formats/hdf5/library.ts";
import { markup } from "../../../library/report/markup.ts";
import { addToResult } from "../../../library/results/add_files.ts";
import { readResult } from "../../../library/results/read.ts";
import { writeResult } from "../../../library/results/write.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { resultOf } from "../../support/clustering.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { fullClustering } from "../../support/full_clustering.ts";

/** A node of `clusters.h5`, or `undefined`. */
interface Node {
  readonly values: unknown;
  readonly shape: readonly number[] | null;
  readonly attributes: Record<string, unknown>;
}

async function nodesOf(path: string): Promise<Map<string, Node>> {
  const { File, Group, Dataset } = await loadHdf5(),
    file = new File(path, "r"),
    found = new Map<string, Node>();
  const attributes = (of: InstanceType<typeof Group> | InstanceType<typeof Dataset>) =>
    Object.fromEntries(Object.entries(of.attrs).map(([name, { value, dtype }]) => [name, [value, dtype]]));
  const visit = (group: InstanceType<typeof Group>) => {
    found.set(group.path, { values: undefined, shape: null, attributes: attributes(group) });
    for (const name of group.keys()) {
      const child = group.get(name);
      if (child instanceof Group) visit(child);
      else if (child instanceof Dataset) {
        const { value: values, shape } = child;
        found.set(child.path, { values, shape, attributes: attributes(child) });
      }
    }
  };
  try {
    visit(file);
    return found;
  } finally {
    file.close();
  }
}

/** A result, and dilation for it that is the same everywhere. */
async function written(folder: string) {
  const out = join(folder, "result"), clustering = fullClustering();
  await writeResult(out, resultOf(clustering));
  const { rows, columns } = clustering.shape;
  const dilation = (value: number) =>
    new Map([[
      "dilation.npy",
      encodeNpy("f32", [rows, columns], new Float32Array(rows * columns).fill(value)),
    ]]);
  return { out, dilation };
}

const nothing = { outdated: () => false, sections: {}, record: {} };

Deno.test("clusters.h5 gets what was added, loses what is outdated, and keeps all else as it was", () =>
  withFolder(async (folder) => {
    const { out, dilation } = await written(folder), path = join(out, "clusters.h5");
    const before = await nodesOf(path);
    await addToResult(await readResult(out), { ...nothing, files: dilation(0.5) });
    const added = await nodesOf(path), node = added.get("/crystallite/dilation/data")!;
    assert.ok((node.values as Float32Array).every((value) => value === 0.5));
    for (const [name, found] of before) assert.deepEqual(added.get(name), found, name);
    assert.deepEqual(added.get("/crystallite/dilation/dim0")!.attributes.name, ["row", "S"]);
    const larger = Deno.statSync(path).size;
    await addToResult(await readResult(out), { ...nothing, files: dilation(0.25) });
    const again = await nodesOf(path);
    assert.ok(
      (again.get("/crystallite/dilation/data")!.values as Float32Array).every((value) => value === 0.25),
    );
    assert.equal(Deno.statSync(path).size, larger, "nothing is left of the older array");
    const { run } = await readResult(out);
    assert.equal(run.files.find(({ name }) => name === "clusters.h5")!.bytes, larger);
    const outdated = (name: string) => name === "dilation.npy";
    await addToResult(await readResult(out), { ...nothing, outdated, files: new Map() });
    assert.deepEqual(await nodesOf(path), before);
    const size = Deno.statSync(path).size;
    await addToResult(await readResult(out), { ...nothing, files: new Map() });
    assert.equal(Deno.statSync(path).size, size, "copies do not grow");
  }));

Deno.test("a damaged clusters.h5, and an array of another scan, leave the result as it was", () =>
  withFolder(async (folder) => {
    const { out, dilation } = await written(folder), path = join(out, "clusters.h5");
    const other = new Map([["dilation.npy", encodeNpy("f32", [1, 2], new Float32Array(2))]]);
    const names = await fileNames(out);
    await assert.rejects(addToResult(await readResult(out), { ...nothing, files: other }), CorruptFile);
    Deno.writeFileSync(path, Deno.readFileSync(path).fill(0, 40, 4000));
    await assert.rejects(addToResult(await readResult(out), { ...nothing, files: dilation(1) }), CorruptFile);
    assert.deepEqual(await fileNames(out), names);
    assert.deepEqual(await fileNames(folder), ["result"]);
  }));

Deno.test("a report that is none of ours any more stays as it is, and the analysis says so", () =>
  withFolder(async (folder) => {
    const { out, dilation } = await written(folder), page = join(out, "report.html");
    const addition = {
      ...nothing,
      files: dilation(1),
      sections: { strain: markup`<section>strain</section>` },
    };
    assert.deepEqual(await addToResult(await readResult(out), addition), []);
    assert.ok(Deno.readTextFileSync(page).includes("<section>strain</section>"));
    Deno.writeTextFileSync(page, "<p>mine</p>");
    const [warning, ...others] = await addToResult(await readResult(out), addition);
    assert.match(warning, /report\.html is no page of ours any more, so it shows no strain/);
    assert.deepEqual(others, []);
    assert.equal(Deno.readTextFileSync(page), "<p>mine</p>");
  }));
