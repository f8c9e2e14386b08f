/** Panta Rhei's `.prz`: numpy's `.npz` with metadata that say what the axes of the array are. */

import { FileSource, orClose } from "../scan/byte_source.ts";
import { UnsupportedFormat } from "../scan/errors.ts";
import type { Format } from "./format.ts";
import type { ArrayKnowledge } from "./npy.ts";
import { isZip, openZippedArray } from "./npz.ts";
import { przAxes, przCalibration, type PrzMetadata, readPrzMetadata } from "./prz_metadata.ts";
import { readZipDirectory } from "./zip.ts";

/** Named like that, or with the member that Panta Rhei writes first. */
export const przFormat: Format = {
  name: "Panta Rhei .prz",
  endings: ["prz"],
  recognises: ({ name, head }) => isZip(head) && (/\.prz$/i.test(name) || beginsWithDataModel(head)),
  async open({ path }, options) {
    const zip = FileSource.open(path);
    return await orClose(zip, async () => {
      const members = readZipDirectory(zip), metadata = await readPrzMetadata(zip, members);
      const knowledge = metadata ? knowledgeOf(path, metadata) : {
        warnings: [
          "its metadata are a Python pickle, which is not read: sizes and beam energy are not known",
        ],
      };
      return await openZippedArray(zip, members, options, { format: "Panta Rhei", path }, knowledge);
    });
  },
};

function beginsWithDataModel(head: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(head.subarray(30, 44)) === "data_model.npy";
}

/** The orders of axes, slowest first, that are those of a scan, or of a stack of patterns. */
const knownOrders: readonly string[] = [
  "ScanY,ScanX,CameraY,CameraX",
  "Index,ScanY,ScanX,CameraY,CameraX",
  "Index,CameraY,CameraX",
];

/**
 * What the metadata say.
 *
 * @throws {UnsupportedFormat} when the axes are in another order than those of a scan
 */
function knowledgeOf(file: string, metadata: PrzMetadata): ArrayKnowledge {
  const axes = przAxes(metadata), order = axes.join(",");
  const named = axes.length > 2 && axes.every((axis) => axis !== "");
  if (named && !knownOrders.includes(order)) {
    throw new UnsupportedFormat(`${file} has its axes in an order that we do not read`, {
      file,
      expected: knownOrders.join(" or "),
      found: order,
      remedy: "open it with HyperSpy, which moves the scan axes to the front, and save it as .hspy",
    });
  }
  const warnings: string[] = [];
  const calibration = przCalibration(metadata, Math.max(axes.length, 4), warnings);
  if (axes.length !== 3) return { calibration, warnings };
  // The axis of a stack is no row or column of a scan.
  const { pixelSize: _, ...others } = calibration;
  return { calibration: others, warnings };
}
