/** Lines of stuck detector pixels are named by every command that reads patterns. */

import assert from "node:assert/strict";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { crystallite } from "../../support/command_line.ts";
import { soundScan } from "../../support/faulty_scans.ts";
import { withFolder } from "../../support/folders.ts";

Deno.test("virtual, info, filter and peaks say that a stuck line of the detector is left out, as cluster does", () =>
  withFolder(async (folder) => {
    const { shape, data } = soundScan(2), path = `${folder}/stuck.npy`;
    data.forEach((_, i) =>
      Math.floor(i / shape.patternColumns) % shape.patternRows === 9 ? data[i] = 65535 : 0
    );
    await Deno.writeFile(path, encodeNpy("u16", Object.values(shape), data));
    const says = /^56 detector pixels are taken for bad, 56 of them in lines or areas that are left out/;
    for (
      const words of [
        ["virtual", path, "--detector", "adf:5,15", "--out", `${folder}/image.npy`],
        ["info", path, "--bad-pixels", "auto"],
        ["filter", path, "--out", `${folder}/filtered.npy`],
        ["peaks", path, "--out", `${folder}/peaks.h5`],
      ]
    ) {
      const { code, out, error } = await crystallite(...words, "--quiet", "--json");
      assert.equal(code, 0, error);
      assert.equal(
        JSON.parse(out).warnings.filter((warning: string) => says.test(warning)).length,
        1,
        words[0],
      );
    }
    const told = await crystallite(
      "virtual",
      path,
      "--detector",
      "adf:5,15",
      "--out",
      `${folder}/a.npy`,
      "--quiet",
    );
    assert.match(told.error, /^warning: 56 detector pixels are taken for bad/);
  }));
