/** Files that lie beside a Dectris master and stand for it: that of the scan control, and those of its frames. */

import { FileUnavailable } from "../../scan/errors.ts";
import type { FileContext } from "../file_context.ts";
import type { OpenOptions } from "../format.ts";
import { controlGroup } from "./dectris_metadata.ts";
import type { Hdf5File } from "./file.ts";

const partName = /^(.+)_data_\d+(\.[^.]+)$/, anyName = /^(.+)(\.[^.]+)$/;

/**
 * Name of the master that a file belongs to: `NAME_master.h5` for `NAME.h5` of the scan control, and for
 * `NAME_data_000001.h5` with some of its frames, where that may be one.
 */
function masterName(file: Hdf5File, name: string): string | undefined {
  const control = file.group(controlGroup) && !file.group("/entry");
  const [, stem, ending] = (partName.exec(name) ?? (control && anyName.exec(name))) || [];
  return stem === undefined ? undefined : `${stem}_master${ending}`;
}

/**
 * Path of the master that a file belongs to; see {@link masterName}.
 *
 * @returns `undefined` for other files, where the user names a data set, and for data files without a master
 * @throws {FileUnavailable} when the file is that of the scan control and there is no master
 */
export function masterBeside(
  file: Hdf5File,
  { dataset }: OpenOptions,
  { name, beside }: FileContext,
): string | undefined {
  const master = dataset === undefined ? masterName(file, name) : undefined;
  if (master === undefined) return undefined;
  const path = beside.file(master);
  if (path !== undefined || partName.test(name)) return path;
  throw new FileUnavailable(
    `${file.path} is the file of the scan control, whose master ${master} is missing`,
    {
      file: file.path,
      expected: master,
      found: "no such file",
      remedy: `put ${master} and its data files beside it`,
    },
  );
}
