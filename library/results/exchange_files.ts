/** Orientation maps as other programs read them: `.ang` of TSL and `.ctf` of Oxford Instruments (MTEX, orix, DREAM.3D), HDF5 of orix and of DREAM.3D. */

import type { Crystal } from "../crystal/crystal.ts";
import type { LaueClass } from "../crystal/point_group.ts";
import { eulerAngles } from "../mapping/euler.ts";
import { encodeDream3d } from "./dream3d_file.ts";
import { type ExchangeMap, type ExchangePoint, micrometres } from "./exchange_map.ts";
import { plain } from "./orientation_content.ts";
import { encodeOrix } from "./orix_file.ts";

/** Names of the maps, behind what they begin with: those of clusters `orientation`. */
const endings = { ang: ".ang", ctf: ".ctf", orix: ".h5", dream3d: ".dream3d" } as const;

/** Whether a file is such a map, by what its name begins with. */
export function isExchangeFile(name: string, stem: string): boolean {
  return Object.values(endings).some((ending) => name === stem + ending);
}

/** Decimals of places in micrometres: steps may be a hundredth of a nanometre. */
const stepDigits = 9;

/** Codes of the Laue classes in `.ang` and in `.ctf`. */
const codes: Readonly<Record<LaueClass, readonly [ang: string, ctf: number]>> = {
  "-1": ["1", 1],
  "2/m": ["20", 2],
  mmm: ["22", 3],
  "4/m": ["4", 4],
  "4/mmm": ["42", 5],
  "-3": ["3", 6],
  "-3m": ["32", 7],
  "6/m": ["6", 8],
  "6/mmm": ["62", 9],
  "m-3": ["23", 10],
  "m-3m": ["43", 11],
};

/** The maps as files, by name. */
export function encodeExchange(map: ExchangeMap, stem: string): Map<string, Uint8Array> {
  const text = new TextEncoder();
  return new Map([
    [stem + endings.ang, text.encode(angText(map))],
    [stem + endings.ctf, text.encode(ctfText(map))],
    [stem + endings.orix, encodeOrix(map)],
    [stem + endings.dream3d, encodeDream3d(map)],
  ]);
}

/** A line for each probe, row by row; `undefined` where it has no orientation. */
function lines(
  { shape, at, pixelSize }: ExchangeMap,
  line: (x: string, y: string, point: ExchangePoint | undefined) => string,
): string[] {
  const { row, column } = micrometres(pixelSize);
  return Array.from({ length: shape.rows * shape.columns }, (_, probe) => {
    const x = (probe % shape.columns * column).toFixed(stepDigits);
    const y = (Math.floor(probe / shape.columns) * row).toFixed(stepDigits);
    return line(x, y, at(probe));
  });
}

/**
 * Angles in radians about the axes of the detector: down, right, towards the source. Image quality is the part of the peaks
 * that the crystal explains, confidence the agreement, 0 and 1 where they are not known; confidence is -1 where there is no orientation.
 */
function angText(map: ExchangeMap): string {
  const { crystals, groups, shape, pixelSize } = map, step = micrometres(pixelSize);
  const header = [
    "# crystallite: Bunge angles in radians; sample axes down the detector, to its right, towards the source; a parallel x",
    ...(pixelSize ? [] : ["# the step of the scan is not known: 1 stands for it"]),
    ...crystals.flatMap((crystal, phase) => [
      `# Phase ${phase + 1}`,
      `# MaterialName  \t${plain(crystal.name)}`,
      `# Formula     \t${plain(crystal.name)}`,
      "# Info \t\t",
      `# Symmetry              ${codes[groups[phase].laueClass][0]}`,
      `# LatticeConstants      ${cell(crystal).join(" ")}`,
      "# NumberFamilies        0",
    ]),
    "# GRID: SqrGrid",
    `# XSTEP: ${step.column.toFixed(stepDigits)}`,
    `# YSTEP: ${step.row.toFixed(stepDigits)}`,
    `# NCOLS_ODD: ${shape.columns}`,
    `# NCOLS_EVEN: ${shape.columns}`,
    `# NROWS: ${shape.rows}`,
  ];
  const radian = Math.PI / 180;
  const data = lines(map, (x, y, point) => {
    if (!point) {
      return `${Array(3).fill((4 * Math.PI).toFixed(5)).join(" ")} ${x} ${y} 0.000 -1.000 0 0 0.000`;
    }
    const { phi1, capitalPhi, phi2 } = eulerAngles(point.orientation);
    const angles = [phi1, capitalPhi, phi2].map((angle) => (angle * radian).toFixed(5));
    const quality = `${(point.explained ?? 0).toFixed(3)} ${(point.agreement ?? 1).toFixed(3)}`;
    return `${angles.join(" ")} ${x} ${y} ${quality} ${point.phase + 1} 0 0.000`;
  });
  return [...header, ...data, ""].join("\n");
}

/** DREAM.3D reads this line to its end; of what it says of the microscope nothing is known: 0. */
const eulerLine = [
  "Euler angles refer to Sample Coordinate system (CS0)!",
  ...["Mag", "Coverage", "Device", "KV", "TiltAngle", "TiltAxis"].flatMap((name) => [name, "0"]),
].join("\t");

/** Angles in degrees about the axes of the picture: right, up, towards the source; bands are matched peaks. */
function ctfText(map: ExchangeMap): string {
  const { crystals, groups, shape, pixelSize } = map, step = micrometres(pixelSize);
  const header = [
    "Channel Text File",
    "Prj\tcrystallite, a parallel x",
    "Author\tcrystallite",
    "JobMode\tGrid",
    `XCells\t${shape.columns}`,
    `YCells\t${shape.rows}`,
    `XStep\t${step.column.toFixed(stepDigits)}`,
    `YStep\t${step.row.toFixed(stepDigits)}`,
    "AcqE1\t0",
    "AcqE2\t0",
    "AcqE3\t0",
    eulerLine,
    `Phases\t${crystals.length}`,
    ...crystals.map((crystal, phase) => {
      const numbers = cell(crystal), laue = codes[groups[phase].laueClass][1];
      return `${numbers.slice(0, 3).join(";")}\t${numbers.slice(3).join(";")}\t${
        plain(crystal.name)
      }\t${laue}\t0\t\t\t`;
    }),
    "Phase\tX\tY\tBands\tError\tEuler1\tEuler2\tEuler3\tMAD\tBC\tBS",
  ];
  const data = lines(map, (x, y, point) => {
    if (!point) return ["0", x, y, "0", "3", "0.0000", "0.0000", "0.0000", "0.0000", "0", "0"].join("\t");
    const { phi1, capitalPhi, phi2 } = eulerAngles(point.orientation);
    const angles = [(phi1 + 270) % 360, capitalPhi, phi2].map((angle) => angle.toFixed(4));
    return [point.phase + 1, x, y, point.matchedPeaks ?? 0, 0, ...angles, "0.0000", 0, 0].join("\t");
  });
  return [...header, ...data, ""].join("\n");
}

function cell({ cell: { a, b, c, alpha, beta, gamma } }: Crystal): string[] {
  return [a, b, c, alpha, beta, gamma].map((value) => value.toFixed(4));
}
