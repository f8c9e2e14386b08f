/** Checksums of inputs, from samples of their bytes. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { sampledChecksum } from "../../../library/results/checksum.ts";
import { withFolder } from "../../support/folders.ts";

Deno.test("the sampled checksum notices a change at the start, at the end, and of the size alone", () =>
  withFolder(async (folder) => {
    const path = join(folder, "input");
    const sums = new Set<string>();
    const bytes = new Uint8Array(3_000_000);
    const add = async (content: Uint8Array) => {
      await Deno.writeFile(path, content);
      sums.add((await sampledChecksum(path)).value);
    };
    await add(bytes);
    await add(bytes);
    assert.equal(sums.size, 1);
    bytes[0] = 1;
    await add(bytes);
    bytes[2_999_999] = 1;
    await add(bytes);
    await add(new Uint8Array(0));
    await add(new Uint8Array(5));
    await add(new Uint8Array(6));
    assert.equal(sums.size, 6);
    assert.match([...sums][0], /^[0-9a-f]{64}$/);
  }));

Deno.test("the sampled checksum of a folder knows names, descriptions and chunks, whatever order they were written in", () =>
  withFolder(async (folder) => {
    const files: [string, string][] = Array.from({ length: 40 }, (_, row) => [`c/${row}/0`, `chunk ${row}`]);
    files.push(["zarr.json", '{"shape": [40, 1]}'], ["a/.zattrs", "{}"]);
    const write = async (name: string, content: readonly [string, string][]) => {
      for (const [file, text] of content) {
        await Deno.mkdir(join(folder, name, file, ".."), { recursive: true });
        await Deno.writeTextFile(join(folder, name, file), text);
      }
      return (await sampledChecksum(join(folder, name))).value;
    };
    const changed = (name: string, text: string) =>
      files.map(([file, old]): [string, string] => [file, file === name ? text : old]);
    const sum = await write("one", files);
    assert.equal(await write("two", files.toReversed()), sum);
    assert.equal((await sampledChecksum(join(folder, "one/"))).value, sum);
    const others = [
      await write("three", changed("c/0/0", "chunk x")),
      await write("four", changed("c/9/0", "chunk x")),
      await write("five", changed("a/.zattrs", "[]")),
      await write("six", files.slice(1)),
      await write("seven", [...files, ["c/40/0", ""]]),
    ];
    assert.equal(new Set([sum, ...others]).size, 6);
    await assert.rejects(sampledChecksum(join(folder, "nothing")), { kind: "FileUnavailable" });
  }));
