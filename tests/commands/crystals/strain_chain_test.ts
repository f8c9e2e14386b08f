/** The whole way from a scan to strain, each step its own process, against what was simulated. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { decodeNpy, readNpz } from "../../support/numpy.ts";

const rows = 14, columns = 14;

/** Half of all values are smaller. */
function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1];
}

Deno.test("simulate, cluster, calibrate, orient and strain find strain through descan and ellipse", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "film.npy"), out = join(folder, "result");
    await crystalliteJson(
      ...["simulate", "--out", scan, "--rows", `${rows}`, "--columns", `${columns}`, "--crystal", "Au"],
      ...["--pattern-rows", "96", "--pattern-columns", "96", "--grains", "3", "--twin-fraction", "0"],
      ...[
        "--texture",
        "100",
        "--texture-spread",
        "1",
        "--seed",
        "2",
        "--disk-steps",
        "64",
        "--dose",
        "100000",
      ],
      ...["--descan", "3", "--ellipse", "1.02", "--gradient-strain", "0.02,0,0"],
    );
    await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto");
    const conditions = ["--crystal", "Au", "--voltage", "200kV"];
    const calibrated = await crystalliteJson("calibrate", out, ...conditions, "--q-pixel-size", "0.027 A^-1");
    const truth = readNpz(join(folder, "film_truth.npz"));
    const oriented = await crystalliteJson("orient", out, ...conditions);
    const found = await crystalliteJson("strain", out);
    assert.ok(found.measured > 0.8 * found.clustered, `${found.measured} of ${found.clustered}`);
    assert.ok(oriented.agreement > 0.5, `${oriented.agreement}`);
    assert.ok(Math.abs(calibrated.ellipse.ratio - 1.02) < 0.01, `${calibrated.ellipse.ratio}`);

    const strain = decodeNpy(Deno.readFileSync(join(out, "strain.npy"))).data as Float32Array;
    const error = decodeNpy(Deno.readFileSync(join(out, "strain_error.npy"))).data as Float32Array;
    const wanted = truth.strain.data as Float32Array, purity = truth.purity.data as Float32Array;
    const known = [...Array(rows * columns).keys()].filter((probe) =>
      purity[probe] > 0.999 && Number.isFinite(strain[4 * probe]) && Number.isFinite(wanted[4 * probe])
    );
    assert.ok(known.length > 0.4 * rows * columns, `${known.length}`);
    // Strain is relative to the median.
    for (const component of [0, 1, 2]) {
      const off = known.map((probe) => strain[4 * probe + component] - wanted[4 * probe + component]);
      const middle = median(off), typical = 1.4826 * median(off.map((value) => Math.abs(value - middle)));
      assert.ok(typical < 2e-3, `component ${component}: ${typical}`);
      const told = median(known.map((probe) => error[4 * probe + component]));
      assert.ok(told > 0.5 * typical && told < 2 * typical, `told ${told}, true ${typical}`);
    }
    // Two percent from the first row to the last one.
    const mean = (from: number, to: number) => {
      const some = known.filter((probe) =>
        Math.floor(probe / columns) >= from && Math.floor(probe / columns) < to
      );
      return some.reduce((sum, probe) => sum + strain[4 * probe], 0) / some.length;
    };
    assert.ok(mean(10, 14) - mean(0, 4) > 0.01, `${mean(10, 14)}, ${mean(0, 4)}`);
  }));

Deno.test("strain of patterns with few counts goes by the disks of their averages, whatever the threads, and says so", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "film.npy"), out = join(folder, "result");
    const film = ["--rows", "12", "--columns", "12", "--pattern-rows", "96", "--pattern-columns", "96"];
    await crystalliteJson(
      ...["simulate", "--out", scan, "--crystal", "Au", ...film, "--grains", "2", "--twin-fraction", "0"],
      ...["--texture", "100", "--texture-spread", "1", "--seed", "4", "--disk-steps", "64", "--dose", "1500"],
      ...["--gradient-strain", "0.02,0,0", "--descan", "3"],
    );
    await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto");
    await crystalliteJson(
      "orient",
      out,
      "--crystal",
      "Au",
      "--voltage",
      "200kV",
      "--q-pixel-size",
      "0.025 A^-1",
    );
    const found = await crystalliteJson("strain", out, "--workers", "2");
    assert.ok(found.fewCounts > 0.9 * found.measured, `${found.fewCounts} of ${found.measured}`);
    assert.ok(found.measured > 0.8 * found.clustered, `${found.measured} of ${found.clustered}`);
    const bytes = Deno.readFileSync(join(out, "strain.npy")), strain = decodeNpy(bytes).data as Float32Array;
    const truth = readNpz(join(folder, "film_truth.npz"));
    const wanted = truth.strain.data as Float32Array, purity = truth.purity.data as Float32Array;
    const off = [...Array(144).keys()].flatMap((probe) => {
      const value = strain[4 * probe] - wanted[4 * probe];
      return purity[probe] > 0.999 && Number.isFinite(value) ? [value] : [];
    });
    const middle = median(off), typical = 1.4826 * median(off.map((value) => Math.abs(value - middle)));
    assert.ok(off.length > 50 && typical < 8e-3, `${off.length}: ${typical}`);
    await crystalliteJson("strain", out, "--workers", "1");
    assert.deepEqual(Deno.readFileSync(join(out, "strain.npy")), bytes);
    const record = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.equal(record.strain.fewCounts, found.fewCounts);
  }));
