/** What files say of the microscope is kept, as the table of docs/using/formats.md promises. */

import assert from "node:assert/strict";
import { openScan } from "../../../library/formats/open.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { tablesIn } from "../../../tasks/documentation/markdown.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5, writeMaster } from "../../support/hdf5_files.ts";

type File = Parameters<Parameters<typeof writeHdf5>[1]>[0];
type Group = ReturnType<File["create_group"]>;

const shape = [2, 3, 4, 5], data = new Uint8Array(120);

const number = (group: Group, name: string, value: number) =>
  group.create_dataset({ name, data: value, shape: [], dtype: "<d" });
const text = (group: Group, name: string, value: string) =>
  group.create_dataset({ name, data: value, shape: [], dtype: "S" });

function dataCube(file: File): Group {
  const top = file.create_group("scan"), cube = top.create_group("datacube");
  cube.create_attribute("emd_group_type", "array");
  cube.create_dataset({ name: "data", data, shape });
  return top;
}

/** What a scan says of the microscope, without its sizes. */
function factsOf({ calibration, source: { notes } }: Scan): Record<string, unknown> {
  const { pixelSize: _, qPixelSize: __, ...others } = calibration;
  return { ...others, ...notes };
}

async function read(build: (file: File) => void, name = "a.h5"): Promise<Record<string, unknown>> {
  let facts: Record<string, unknown> = {};
  await withFolder(async (folder) => {
    const scan = await openScan(await writeHdf5(`${folder}/${name}`, build));
    facts = factsOf(scan);
    scan.close();
  });
  return facts;
}

Deno.test("EMD: the bundles of py4DSTEM's versions, and our own, say the beam", async () => {
  const old = (file: File) => {
    const microscope = dataCube(file).create_group("metadata").create_group("microscope");
    number(microscope, "accelerating_voltage", 300);
    text(microscope, "accelerating_voltage_units", "kV");
    number(microscope, "camera_length", 230);
    text(microscope, "camera_length_units", "mm");
    number(microscope, "convergence_semiangle_mrad", 1.5);
    number(microscope, "dwell_time", 20);
    text(microscope, "dwell_time_units", "ms");
    number(microscope, "QR_rotation_degrees", -31);
    number(microscope, "QR_flip", 1);
  };
  assert.deepEqual(await read(old), {
    beamEnergy: 300,
    cameraLength: 0.23,
    convergenceAngle: 1.5,
    dwellTimeSeconds: 0.02,
    qrRotationDegrees: -31,
    qrFlip: true,
  });
  for (const [volts, keV] of [[300000, 300], [80, 80]]) {
    const bare = (file: File) => {
      const bundle = dataCube(file).create_group("metadatabundle").create_group("microscope");
      bundle.create_attribute("accelerating_voltage", volts);
      number(bundle, "camera_length", 0.5);
    };
    assert.deepEqual(await read(bare), { beamEnergy: keV, cameraLengthAsStored: 0.5 });
  }
  const own = (file: File) => {
    const bundle = dataCube(file).create_group("metadatabundle").create_group("scan_calibration");
    number(bundle, "beam_energy_keV", 200);
    number(bundle, "convergence_angle_mrad", 2);
    number(bundle, "camera_length_m", 0.1);
    number(bundle, "scan_rotation_degrees", -12);
  };
  assert.deepEqual(await read(own), {
    beamEnergy: 200,
    convergenceAngle: 2,
    cameraLength: 0.1,
    scanRotation: -12,
  });
});

function hyperspy(kind: "TEM" | "SEM") {
  return (file: File) => {
    file.create_attribute("file_format", "HyperSpy");
    const experiment = file.create_group("Experiments").create_group("a");
    experiment.create_dataset({ name: "data", data, shape });
    const instrument = experiment.create_group("metadata").create_group("Acquisition_instrument")
      .create_group(kind);
    instrument.create_attribute("beam_energy", 200);
    instrument.create_attribute("convergence_angle", 3);
    instrument.create_attribute("dwell_time", 0.001);
    if (kind === "SEM") return;
    instrument.create_attribute("camera_length", 320);
    instrument.create_group("Detector").create_group("Camera").create_attribute("exposure", 0.2);
  };
}

Deno.test("HyperSpy: the microscope and its camera are kept, of a SEM too", async () => {
  assert.deepEqual(await read(hyperspy("TEM"), "a.hspy"), {
    beamEnergy: 200,
    convergenceAngle: 3,
    cameraLength: 0.32,
    dwellTimeSeconds: 0.001,
    exposureSeconds: 0.2,
  });
  assert.deepEqual(await read(hyperspy("SEM"), "a.hspy"), {
    beamEnergy: 200,
    convergenceAngle: 3,
    dwellTimeSeconds: 0.001,
  });
});

Deno.test("Dectris: camera length, and what the scan control stores without a unit, as notes", () =>
  withFolder(async (folder) => {
    const metadata = {
      ...{ NumPixelsX: 3, NumPixelsY: 2, "High Tension": 300000, "Camera Length": 0.115 },
      ...{ ScanDwellTime: 12, Rotation: -90 },
    };
    const scan = await openScan(await writeMaster(folder, { parts: [6], announced: 6, metadata }));
    const { beamEnergy, cameraLength, dwellTimeAsStored, scanRotationAsStored } = factsOf(scan);
    assert.deepEqual([beamEnergy, cameraLength], [200, 0.115]);
    assert.deepEqual([dwellTimeAsStored, scanRotationAsStored], [12, -90]);
    scan.close();
  }));

Deno.test("the table of the documentation says what was found", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/using/formats.md", import.meta.url));
  const { header, rows } = tablesIn(page).find(({ header }) => header[1] === "beam energy")!;
  assert.deepEqual(header.slice(0, 4), ["format", "beam energy", "camera length", "convergence angle"]);
  const prismatic = (file: File) => {
    const simulation = file.create_group("4DSTEM_simulation");
    simulation.create_group("data").create_group("datacubes").create_group("CBED_array_depth0000")
      .create_dataset({ name: "datacube", data, shape });
    const parameters = simulation.create_group("metadata").create_group("metadata_0").create_group("original")
      .create_group("simulation_parameters");
    parameters.create_attribute("E", 300);
    parameters.create_attribute("A", 20);
  };
  const found = {
    "HyperSpy `.hspy`, `.zspy`": await read(hyperspy("TEM"), "a.hspy"),
    Prismatic: await read(prismatic),
  };
  for (const [name, facts] of Object.entries(found)) {
    const row = rows.find(([first]) => first === name)!;
    assert.deepEqual(
      row.slice(1, 4),
      ["beamEnergy", "cameraLength", "convergenceAngle"].map((key) => key in facts ? "yes" : "no"),
      name,
    );
  }
});
