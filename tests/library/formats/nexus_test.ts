/** NeXus: which data set is shown by default, what its axes are, and one array under several names. */

import assert from "node:assert/strict";
import { openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import type { Calibration } from "../../../library/scan/calibration.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";

type File = Parameters<Parameters<typeof writeHdf5>[1]>[0];
type Node = ReturnType<File["create_group"]>;

const shape = [2, 3, 4, 5];
const data = Uint16Array.from({ length: 120 }, (_, index) => index * 3);

/** A group of a class below another. */
function group(parent: Node | File, name: string, kind?: string): Node {
  const made = parent.create_group(name);
  if (kind) made.create_attribute("NX_class", kind);
  return made;
}

function attribute(file: File, path: string, name: string, value: string | number | string[]): void {
  const node = file.get(path)!;
  assert.ok("create_attribute" in node);
  node.create_attribute(name, value);
}

/** An axis of two values. */
function axis(file: File, parent: Node, name: string, step: number, units: string): void {
  parent.create_dataset({ name, data: Float64Array.of(1, 1 + step) });
  attribute(file, `${parent.path}/${name}`, "units", units);
}

interface Found {
  readonly dataset: string | undefined;
  readonly calibration: Calibration;
  readonly format: string;
}

async function read(build: (file: File) => void, options: OpenScanOptions = {}): Promise<Found> {
  let found: Found | undefined;
  await withFolder(async (folder) => {
    const scan = await openScan(await writeHdf5(`${folder}/a.nxs`, build), options);
    const { source: { dataset, format }, calibration } = scan;
    assert.deepEqual(await readAll(scan, 1), data.slice());
    scan.close();
    found = { dataset, calibration, format };
  });
  return found!;
}

const calibration: Calibration = {
  pixelSize: { row: 2, column: 3, unit: "nm" },
  qPixelSize: { row: 0.25, column: 0.5, unit: "nm^-1" },
};

/** Axes of {@link calibration}; their names are not in order. */
function allAxes(file: File, parent: Node): void {
  axis(file, parent, "slow", 2, "nm");
  axis(file, parent, "fast", 3, "nm");
  axis(file, parent, "ky", 0.25, "1/nm");
  axis(file, parent, "kx", 0.5, "nm^-1");
}

Deno.test("NeXus: default, signal and axes are followed, others of the same size left alone", async () => {
  const found = await read((file) => {
    file.create_attribute("default", "second");
    const other = group(group(file, "first", "NXentry"), "data", "NXdata");
    other.create_dataset({ name: "data", data: new Uint16Array(120), shape });
    const entry = group(file, "second", "NXentry");
    entry.create_attribute("default", "plot");
    const plot = group(entry, "plot", "NXdata");
    plot.create_attribute("signal", "frames");
    plot.create_attribute("axes", ["slow", "fast", "ky", "kx"]);
    plot.create_dataset({ name: "frames", data, shape });
    attribute(file, "/second/plot/frames", "interpretation", "image");
    allAxes(file, plot);
    const beam = group(group(entry, "instrument", "NXinstrument"), "beam", "NXbeam");
    beam.create_dataset({ name: "incident_energy", data: 200000, shape: [], dtype: "<d" });
    attribute(file, "/second/instrument/beam/incident_energy", "units", "eV");
  });
  assert.deepEqual(found, {
    dataset: "/second/plot/frames",
    format: "NeXus",
    calibration: { ...calibration, beamEnergy: 200 },
  });
});

Deno.test("NeXus: indices of axes go before their order, and a dot stands for none", async () => {
  const indices: Readonly<Record<string, number>> = { slow_indices: 0, fast_indices: 1, kx_indices: 3 };
  const found = await read((file) => {
    const plot = group(group(file, "entry", "NXentry"), "data", "NXdata");
    plot.create_attribute("signal", "data");
    plot.create_attribute("axes", ["fast", "slow", ".", "kx"]);
    for (const [name, value] of Object.entries(indices)) plot.create_attribute(name, value, null, "<i");
    plot.create_dataset({ name: "data", data, shape });
    allAxes(file, plot);
  });
  assert.deepEqual(found.calibration, { pixelSize: calibration.pixelSize });
});

Deno.test("NeXus: the older styles of signals and axes", async () => {
  const colons = await read((file) => {
    const plot = group(group(file, "entry", "NXentry"), "scan", "NXdata");
    plot.create_dataset({ name: "counts", data, shape });
    attribute(file, "/entry/scan/counts", "signal", 1);
    attribute(file, "/entry/scan/counts", "axes", "[slow:fast:ky:kx]");
    allAxes(file, plot);
  });
  const marks = await read((file) => {
    const plot = group(group(file, "entry", "NXentry"), "scan", "NXdata");
    plot.create_dataset({ name: "data", data, shape });
    allAxes(file, plot);
    ["slow", "fast", "ky", "kx"].forEach((name, index) => {
      attribute(file, `/entry/scan/${name}`, "axis", index + 1);
      attribute(file, `/entry/scan/${name}`, "primary", 1);
    });
    axis(file, plot, "motor", 100, "um");
    attribute(file, "/entry/scan/motor", "axis", 1);
    attribute(file, "/entry/scan/motor", "primary", 2);
  });
  assert.deepEqual([colons.calibration, colons.dataset], [calibration, "/entry/scan/counts"]);
  assert.deepEqual([marks.calibration, marks.dataset], [calibration, "/entry/scan/data"]);
});

Deno.test("one array under two names is one, as a hard and a soft link, in NeXus and elsewhere", async () => {
  for (const nexus of [true, false]) {
    for (const kind of ["hard", "soft"]) {
      const build = (file: File) => {
        const [entryClass, dataClass] = nexus ? ["NXentry", "NXdata"] : [];
        const entry = group(file, "entry", entryClass);
        const detector = group(group(entry, "instrument"), "detector");
        detector.create_dataset({ name: "data", data, shape });
        const plot = group(entry, "data", dataClass), target = "/entry/instrument/detector/data";
        if (nexus) plot.create_attribute("signal", "data");
        if (kind === "hard") plot.create_hard_link(target, "data");
        else plot.create_soft_link(target, "data");
      };
      assert.equal((await read(build)).dataset, "/entry/data/data");
      const { dataset, format } = await read(build, { dataset: "entry/instrument/detector/data" });
      assert.deepEqual([dataset, format], [
        nexus ? "/entry/data/data" : "/entry/instrument/detector/data",
        nexus ? "NeXus" : "HDF5",
      ]);
    }
  }
});

Deno.test("NeXus: what is shown by default and is no scan hides none", async () => {
  const found = await read((file) => {
    file.create_attribute("default", "entry");
    const entry = group(file, "entry", "NXentry");
    entry.create_attribute("default", "sum");
    const sum = group(entry, "sum", "NXdata");
    sum.create_attribute("signal", "data");
    sum.create_dataset({ name: "data", data: new Float32Array(6), shape: [2, 3] });
    const scan = group(entry, "scan", "NXdata");
    scan.create_attribute("signal", "data");
    scan.create_attribute("axes", ["slow", "fast", "ky", "kx"]);
    scan.create_dataset({ name: "data", data, shape });
    allAxes(file, scan);
  });
  assert.deepEqual([found.dataset, found.calibration], ["/entry/scan/data", calibration]);
});

Deno.test("NeXus: spectra, colours and missing files are refused; circles of defaults end", async () => {
  const refused = async (kind: string, build: (file: File, plot: Node) => void) => {
    const reading = read((file) => {
      file.create_attribute("default", "entry/data");
      const plot = group(group(file, "entry", "NXentry"), "data", "NXdata");
      plot.create_attribute("signal", "data");
      build(file, plot);
    });
    await assert.rejects(reading, (error: unknown) => {
      assert.ok(error instanceof CrystalliteError && error.kind === kind, String(error));
      assert.ok(error.details.remedy);
      return true;
    });
  };
  for (const interpretation of ["spectrum", "rgba-image", "scalar"]) {
    await refused("UnsupportedFormat", (file, plot) => {
      plot.create_dataset({ name: "data", data, shape });
      attribute(file, "/entry/data/data", "interpretation", interpretation);
    });
  }
  await refused("FileUnavailable", (_, plot) => plot.create_external_link("gone.h5", "/data", "data"));
  const found = await read((file) => {
    file.create_attribute("default", "a");
    const a = group(file, "a", "NXentry");
    a.create_attribute("default", "../a");
    group(a, "data", "NXdata").create_dataset({ name: "data", data, shape });
  });
  assert.equal(found.dataset, "/a/data/data");
});

Deno.test("NeXus: a signal whose detector axes come first is turned, with its sizes", async () => {
  const [rows, columns, qRows, qColumns] = shape, positions = rows * columns;
  const pixels = qRows * qColumns, turned = data.slice();
  for (let i = 0; i < data.length; i++) turned[i % pixels * positions + Math.floor(i / pixels)] = data[i];
  const found = await read((file) => {
    file.create_attribute("default", "entry/data");
    const plot = group(group(file, "entry", "NXentry"), "data", "NXdata");
    plot.create_attribute("signal", "data");
    plot.create_attribute("axes", ["ky", "kx", "slow", "fast"]);
    plot.create_dataset({ name: "data", data: turned, shape: [qRows, qColumns, rows, columns] });
    allAxes(file, plot);
  });
  assert.deepEqual(found.calibration, calibration);
});
