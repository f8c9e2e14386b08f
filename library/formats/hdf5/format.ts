/** HDF5 files of every kind. */

import type { Scan, Series } from "../../scan/scan.ts";
import { orClose } from "../../scan/byte_source.ts";
import type { FileContext } from "../file_context.ts";
import type { Format, OpenOptions } from "../format.ts";
import { openDataset } from "./dataset.ts";
import { openDectris } from "./dectris.ts";
import { openEmd } from "./emd.ts";
import { Hdf5File } from "./file.ts";
import { openHyperspy } from "./hyperspy.ts";
import { linkRules } from "./linked_files.ts";
import { openNexus } from "./nexus.ts";
import { openPrismatic } from "./prismatic.ts";
import { refuseKinds } from "./refused_kinds.ts";
import { openVelox } from "./velox.ts";

/** Opens a file if it is of one kind, and returns `undefined` otherwise. */
type OpenKind = (
  file: Hdf5File,
  options: OpenOptions,
  context: FileContext,
) => Promise<Scan | Series | undefined> | Scan | Series | undefined;

/** The special kinds come before the general ones. */
const kinds: readonly OpenKind[] = [
  openDectris,
  openHyperspy,
  openPrismatic,
  openVelox,
  openEmd,
  openNexus,
];

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** HDF5: py4DSTEM and other EMD, HyperSpy, Dectris masters, and any 4D or 5D data set. */
export const hdf5Format: Format = {
  name: "HDF5 (py4DSTEM and EMD, HyperSpy, Dectris, any 4D data set)",
  endings: ["h5", "hdf", "hdf5", "he5", "emd", "hspy", "nxs", "cxi", "de5"],
  // A user block of 512 bytes, or a power of two times that, may come before the signature.
  recognises: ({ head }) =>
    [0, 512, 1024, 2048].some((offset) => signature.every((byte, index) => head[offset + index] === byte)),
  async open(context, options) {
    const { path, admit } = context;
    const file = await Hdf5File.open(path, linkRules(options, admit), (linked) => {
      admit?.(linked);
      admit?.note?.(linked);
    });
    return await orClose(file, async () => {
      refuseKinds(file, options, context);
      for (const open of kinds) {
        const opened = await open(file, options, context);
        if (opened) return opened;
      }
      return await openDataset(file, options, context);
    });
  },
};
