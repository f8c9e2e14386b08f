/** Files that are no scans are called what they are, with what to do; and the folder for temporary files by its name. */

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { openScan } from "../../../library/formats/open.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { npy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";

const text = (letters: string) => new TextEncoder().encode(letters);
const noise = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919 + 200) % 251 + 2);

/** Bytes behind a beginning. */
function behind(beginning: Uint8Array | readonly number[], at = 0): Uint8Array {
  const bytes = noise.slice();
  bytes.set(beginning, at);
  return bytes;
}

/** Name, content, what the message and what the remedy must say. */
const files: readonly (readonly [name: string, content: Uint8Array, says: RegExp, remedy: RegExp])[] = [
  [
    "scan.h5",
    text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
    /pointer of Git LFS/,
    /git lfs pull --include scan\.h5/,
  ],
  ["scan.dm4", text("../.git/annex/objects/x"), /git-annex/, /git annex get scan\.dm4/],
  ["scan.mib", text("\ufeff\n<!DOCTYPE html>\n<html>"), /web page/, /download the file itself/],
  ["scan.zip", text("<!-- saved from --><HTML lang=en>"), /web page/, /download/],
  [
    "scan.npy.gz",
    new Uint8Array(gzipSync(noise)),
    /packed with gzip/,
    /gunzip --keep '.*scan\.npy\.gz'|gunzip/,
  ],
  ["a b.gz", new Uint8Array(gzipSync(noise)), /packed with gzip/, /gunzip --keep '[^']*\/a b\.gz'$/],
  ["a.7z", behind([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), /7z archive/, /unpack/],
  ["a.rar", behind(text("Rar!\x1a\x07")), /rar archive/, /unpack/],
  ["a.tar", behind(text("ustar"), 257), /tar archive/, /unpack/],
  ["a.tif", behind([0xff, 0xd8, 0xff, 0xe0]), /JPEG picture/, /scan itself/],
  ["a.h5", behind([0x89, 0x50, 0x4e, 0x47]), /PNG picture/, /scan itself/],
  ["a.mat", behind(text("MATLAB 5.0 MAT-file")), /MATLAB before version 7\.3/, /-v7\.3/],
  ["a.tpx3", behind(text("TPX3")), /Timepix3/, /sum its events/],
  ["a.advb", noise, /events of single electrons/, /sum its events/],
  ["a.pkl", behind([0x80, 4, 0x95]), /Python pickle/, /numpy\.save/],
  ["a.csv", text("x,y\n1,2\n"), /text or table/, /diffraction patterns/],
  ["a.xml", text("<?xml version='1.0'?><scan/>"), /XML text/, /that it describes/],
  ["a.mib", noise, /name of a file of Merlin/, /copy or export it again/],
  ["b.dm4", noise, /name of a file of Gatan/, /`dtype` and `shape`/],
  ["a.blo", noise, /name of a file of NanoMEGAS/, /copy or export/],
  ["b.h5", new Uint8Array(9000), /nothing but zeros/, /download it again/],
  ["lonely.emi", behind(text("JK")), /TIA, whose patterns lie in \.ser/, /put lonely_1\.ser beside it/],
  ["scan_x3_y2.raw", new Uint8Array(6 * 65536).fill(3), /EMPAD-G2/, /`shape` 128x128 and `scanShape` 2x3/],
  ["unknown.bin", noise, /no format that we read/, /`dtype` and `shape`/],
];

Deno.test("files that are no scans are called what they are, and the remedy helps", () =>
  withFolder(async (folder) => {
    for (const [name, content, says, remedy] of files) {
      Deno.writeFileSync(`${folder}/${name}`, content);
      await assert.rejects(openScan(`${folder}/${name}`), (error: unknown) => {
        assert.ok(error instanceof CrystalliteError, `${name}: ${error}`);
        assert.equal(error.kind, "UnsupportedFormat");
        assert.match(error.message, says);
        assert.match(error.details.remedy ?? "", remedy);
        assert.ok(!/[0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2}/.test(error.message));
        return true;
      });
      Deno.removeSync(`${folder}/${name}`);
    }
  }));

Deno.test("the series of an .emi are named, and others left alone", () =>
  withFolder(async (folder) => {
    for (const name of ["a.emi", "a_2.ser", "a_1.ser", "ab_1.ser", "a_x.ser"]) {
      Deno.writeFileSync(`${folder}/${name}`, behind(text("JK")));
    }
    await assert.rejects(openScan(`${folder}/a.emi`), (error: unknown) => {
      assert.ok(error instanceof CrystalliteError);
      assert.equal(error.details.remedy, "open a_1.ser, a_2.ser beside it");
      return true;
    });
  }));

Deno.test("a folder for temporary files that is missing is named", () =>
  withFolder(async (folder) => {
    Deno.writeFileSync(`${folder}/a.npy`, npy("|u1", [2, 3, 4, 5], new Uint8Array(120), true));
    const names = ["TMPDIR", "TMP", "TEMP"], before = names.map((name) => Deno.env.get(name));
    names.forEach((name) => Deno.env.set(name, `${folder}/nowhere`));
    const scan = await openScan(`${folder}/a.npy`);
    try {
      await assert.rejects(async () => await scan.readRows(0, 1, new Uint8Array(60)), {
        kind: "FileUnavailable",
        message: new RegExp(`${folder}/nowhere, does not exist`),
      });
    } finally {
      scan.close();
      names.forEach((name, index) => {
        if (before[index] === undefined) Deno.env.delete(name);
        else Deno.env.set(name, before[index]);
      });
    }
  }));
