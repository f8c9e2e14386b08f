import assert from "node:assert/strict";
import { parseFrames } from "../../../library/parameters/frames.ts";
import { realSpaceMaskKind } from "../../../library/cluster/real_space_mask_kind.ts";
import { badPixelKind, centerKind } from "../../../library/passes/detector/parameters.ts";
import { detectorMaskKind, parseVirtualDetector } from "../../../library/passes/detector/mask_kinds.ts";
import { parseNumber, parsePair } from "../../../library/parameters/number.ts";
import { detectorPixelKind, stepSizeKind } from "../../../library/parameters/pixel_size.ts";
import { parseRegion } from "../../../library/parameters/region.ts";
import { parseScanShape } from "../../../library/parameters/scan_shape.ts";
import { assertRefused } from "../../support/refused.ts";

const parseCenter = (text: string) => centerKind.parse(text, "--q-center");
const parseBadPixels = (text: string) => badPixelKind.parse(text, "--bad-pixels");
const parseDetectorMask = (text: string) => detectorMaskKind.parse(text, "--q-mask");
const parseRealSpaceMask = (text: string) => realSpaceMaskKind.parse(text, "--mask");

const noSizes = ["", "0.5", "nm", "0 nm", "-1 nm", "0 1/nm", "1.2.3 nm", "1e999 nm", "2 pixels"];

Deno.test("frames select exactly one frame", () => {
  assert.equal(parseFrames("3"), 3);
  assert.equal(parseFrames("0:1"), 0);
  assert.equal(parseFrames(" 7 : 8 "), 7);
  assertRefused(parseFrames, ["", "a", "-1", "1:", ":3", "1:2:3", "2:2", "3:1", "0:10", "1.5"]);
  assert.throws(() => parseFrames("2:5"), /selects 3 frames/);
});

Deno.test("the direct beam is auto or a position", () => {
  assert.deepEqual(parseCenter("auto"), { kind: "auto" });
  assert.deepEqual(parseCenter("28,27.5"), { kind: "at", row: 28, column: 27.5 });
  assert.deepEqual(parseCenter("-1, 3"), { kind: "at", row: -1, column: 3 });
  assertRefused(parseCenter, ["", "28", "1,2,3", "x,y", "Infinity,1", "1,", "0x10,1", "automatic"]);
});

Deno.test("detector masks are shapes with radii, or files", () => {
  assert.deepEqual(parseDetectorMask("none"), { kind: "none" });
  assert.deepEqual(parseDetectorMask("disk:4.5"), { kind: "disk", radius: 4.5 });
  assert.deepEqual(parseDetectorMask("outside:0"), { kind: "outside", radius: 0 });
  assert.deepEqual(parseDetectorMask("annulus:3,9"), { kind: "annulus", inner: 3, outer: 9 });
  assert.deepEqual(parseDetectorMask("mask.npy"), { kind: "path", path: "mask.npy" });
  assert.deepEqual(parseDetectorMask("C:\\masks\\q.npy"), { kind: "path", path: "C:\\masks\\q.npy" });
  assert.deepEqual(parseDetectorMask("./disk"), { kind: "path", path: "./disk" });
  assertRefused(parseDetectorMask, [
    "",
    "disk",
    "disk:",
    "disk:-1",
    "disk:x",
    "disk:1,2",
    "annulus",
    "annulus:3",
    "annulus:9,3",
    "annulus:-1,3",
    "annulus:1,2,3",
    "outside:",
    "ring:3,9",
    "bf:3",
  ]);
});

Deno.test("virtual detectors are bf, adf or files", () => {
  assert.deepEqual(parseVirtualDetector("bf:4"), { kind: "disk", radius: 4 });
  assert.deepEqual(parseVirtualDetector("adf:8,30"), { kind: "annulus", inner: 8, outer: 30 });
  assert.deepEqual(parseVirtualDetector("spots.png"), { kind: "path", path: "spots.png" });
  assertRefused(parseVirtualDetector, ["", "bf", "bf:", "adf:5", "adf:9,3", "df:3,4", "disk:3"]);
});

Deno.test("real-space masks are words, numbers or files", () => {
  for (const kind of ["none", "triangle", "virtual"] as const) {
    assert.deepEqual(parseRealSpaceMask(kind), { kind });
  }
  assert.deepEqual(parseRealSpaceMask("0.7"), { kind: "number", above: 0.7 });
  assert.deepEqual(parseRealSpaceMask("-1"), { kind: "number", above: -1 });
  assert.deepEqual(parseRealSpaceMask("./5"), { kind: "path", path: "./5" });
  assert.deepEqual(parseRealSpaceMask("grains.npy"), { kind: "path", path: "grains.npy" });
  assertRefused(parseRealSpaceMask, ["", " "]);
});

Deno.test("bad pixels are found, from the file, none, or a map", () => {
  for (const kind of ["auto", "file", "none"] as const) assert.deepEqual(parseBadPixels(kind), { kind });
  assert.deepEqual(parseBadPixels("./auto"), { kind: "path", path: "./auto" });
  assertRefused(parseBadPixels, [""]);
});

Deno.test("numbers are decimal, finite and within their rule", () => {
  const rule = { expected: "a whole number from 1 to 10", minimum: 1, maximum: 10, whole: true };
  assert.equal(parseNumber("--n", "10", rule), 10);
  assert.equal(parseNumber("--n", "1e1", rule), 10);
  assertRefused((text) => parseNumber("--n", text, rule), [
    "",
    "0",
    "11",
    "1.5",
    "NaN",
    "Infinity",
    "0x5",
    "5 ",
    "1_0",
  ]);
  assert.deepEqual(parsePair("--range", "0.85, 0.95", "two numbers"), [0.85, 0.95]);
  assertRefused((text) => parsePair("--range", text, "two numbers"), ["", "1", "1,2,3", "a,b", ",", "1;2"]);
});

Deno.test("sizes of steps are a positive number and a length, in one spelling for each unit", () => {
  const parse = (text: string) => stepSizeKind.parse(text, "--pixel-size");
  for (
    const [text, unit] of Object.entries({ "0.5nm": "nm", "0.5 Å": "A", "0.5 um": "um", "0.5 µm": "um" })
  ) {
    assert.deepEqual(parse(text), { row: 0.5, column: 0.5, unit }, text);
  }
  assertRefused(parse, [...noSizes, "0.5 1/A", "0.5 nm^-1", "2 1/nm", "0.5 mrad"]);
});

Deno.test("sizes of detector pixels are reciprocal lengths or angles", () => {
  const parse = (text: string) => detectorPixelKind.parse(text, "--q-pixel-size");
  const units = { "0.5 1/A": "A^-1", "0.5 nm^-1": "nm^-1", "0.5 Å⁻¹": "A^-1", "0.5 mrad": "mrad" };
  for (const [text, unit] of Object.entries(units)) {
    assert.deepEqual(parse(text), { row: 0.5, column: 0.5, unit }, text);
  }
  assert.deepEqual(parse("500 µrad"), { row: 0.5, column: 0.5, unit: "mrad" });
  assertRefused(parse, [...noSizes, "0.04 nm", "5 A"]);
});

Deno.test("a scan shape is two whole numbers of at least 1", () => {
  for (const text of ["4x5", "4X5", " 4 x 5 ", "4,5", "4×5"]) {
    assert.deepEqual(parseScanShape(text), { rows: 4, columns: 5 }, text);
  }
  assertRefused(parseScanShape, ["", "4", "4x", "0x5", "4x5x6", "-4x5", "4.5x5", "1e3x2"]);
});

Deno.test("a region is rows and columns with at least one probe position", () => {
  assert.deepEqual(parseRegion("0:2, 3:7"), { firstRow: 0, lastRow: 2, firstColumn: 3, lastColumn: 7 });
  assertRefused(parseRegion, ["", "0:2", "2:2,0:1", "0:1,5:4", "-1:2,0:1", "0:2,0:2,0:2"]);
});
