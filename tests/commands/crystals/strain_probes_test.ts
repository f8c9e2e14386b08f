/** Strain at chosen probes only. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { labelsToMeasure, parseClusterIds } from "../../../commands/crystals/strain_probes.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { readResult } from "../../../library/results/read.ts";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { decodeNpy } from "../../support/numpy.ts";

const size = 12, probes = size * size;

Deno.test("a mask and clusters that are left out choose the probes, and what cannot be is refused", async () => {
  await withFolder(async (folder) => {
    const mask = join(folder, "mask.npy"), labels = Int32Array.of(0, 0, 1, 1, 2, -1);
    const stored = {
      ...{ labels, clusters: [0, 1, 2].map((id) => ({ id })) },
      shape: { rows: 2, columns: 3, patternRows: 8, patternColumns: 8 },
    } as unknown as Parameters<typeof labelsToMeasure>[0];
    const chosen = async (choice: Parameters<typeof labelsToMeasure>[1]) =>
      Array.from(await labelsToMeasure(stored, choice));
    Deno.writeFileSync(mask, encodeNpy("u8", [2, 3], Uint8Array.of(0, 1, 1, 0, 5, 1)));
    assert.deepEqual(await chosen({}), Array.from(labels));
    assert.deepEqual(await chosen({ mask }), [-1, 0, 1, -1, 2, -1]);
    assert.deepEqual(await chosen({ mask, exclude: [2, 1] }), [-1, 0, -1, -1, -1, -1]);
    await assert.rejects(chosen({ exclude: [0, 1, 2] }), { kind: "BadParameter", message: /no probe/ });
    await assert.rejects(chosen({ exclude: [3] }), { kind: "BadParameter", message: /no cluster 3/ });
    Deno.writeFileSync(mask, encodeNpy("u8", [3, 2], new Uint8Array(6)));
    await assert.rejects(chosen({ mask }), { kind: "BadParameter", message: /3 x 2, but 2 x 3/ });
  });
  assert.deepEqual(parseClusterIds(" 3, 7"), [3, 7]);
  for (const text of ["", "3,", "-1", "x"]) {
    assert.throws(() => parseClusterIds(text), { kind: "BadParameter" }, text);
  }
});

Deno.test("strain of chosen probes is that of all of them there, and the report, record and methods say which", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "film.npy"), out = join(folder, "result"), mask = join(folder, "upper.npy");
    await crystalliteJson(
      ...["simulate", "--out", scan, "--rows", `${size}`, "--columns", `${size}`, "--crystal", "Au"],
      ...["--pattern-rows", "96", "--pattern-columns", "96", "--grains", "3", "--twin-fraction", "0"],
      ...["--texture", "100", "--texture-spread", "1", "--seed", "2", "--dose", "50000"],
    );
    await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto");
    const conditions = ["--voltage", "200kV", "--q-pixel-size", "0.025 A^-1"];
    await crystalliteJson("orient", out, "--crystal", "Au", ...conditions);
    const strain = () => decodeNpy(Deno.readFileSync(join(out, "strain.npy"))).data as Float32Array;
    await crystalliteJson("strain", out, "--reference", "cif");
    const all = strain(), { labels, clusters } = await readResult(out);
    Deno.writeFileSync(
      mask,
      encodeNpy(
        "u8",
        [size, size],
        Uint8Array.from({ length: probes }, (_, probe) => probe < probes / 2 ? 1 : 0),
      ),
    );
    // A cluster of the upper half, where there is another one.
    const exclude = labels[0], inside = (probe: number) => probe < probes / 2 && labels[probe] !== exclude;
    const told = ["--mask", mask, "--exclude", `${exclude}`];
    const found = await crystalliteJson("strain", out, "--reference", "cif", ...told), some = strain();
    let measured = 0, wanted = 0;
    for (let probe = 0; probe < probes; probe++) {
      const value = some[4 * probe], known = Number.isFinite(value);
      assert.ok(!known || inside(probe), `probe ${probe}`);
      if (labels[probe] >= 0 && inside(probe)) wanted++;
      if (!known) continue;
      measured++;
      assert.ok(Math.abs(value - all[4 * probe]) < 1e-3, `probe ${probe}: ${value}, ${all[4 * probe]}`);
    }
    assert.ok(measured > 0 && measured === found.measured, `${measured}, ${found.measured}`);
    assert.equal(found.clustered, wanted);
    const { strain: record } = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.deepEqual([record.mask, record.exclude], [mask, [exclude]]);
    assert.ok(
      Deno.readTextFileSync(join(out, "report.html")).includes(`without cluster ${exclude}, each against`),
    );
    const { out: methods } = await crystallite("describe", out);
    assert.match(
      methods.replaceAll(/\s+/g, " "),
      /every single pattern inside .*upper\.npy, without cluster/,
    );
    const none = ["--exclude", clusters.map(({ id }) => id).join()];
    assertFailure(await crystallite("strain", out, ...none), 2, /no probe of a cluster is left/);
    const beyond = ["--reference", "roi", "--roi", `0:${size + 1},0:4`];
    assertFailure(
      await crystallite("strain", out, ...beyond),
      2,
      /the region 0:13,0:4 is not inside the scan/,
    );
  }));
