/** What is odd about a file, as errors of ours. */

import {
  CorruptFile,
  type CrystalliteError,
  type ErrorDetails,
  UnsupportedFormat,
} from "../../scan/errors.ts";
import { OddLayout, UnknownLayout } from "./bytes.ts";

/** Does something with a file, or a data set in it, and turns what is odd about it into errors of ours. */
export function guarded<Result>(file: string, dataset: string | undefined, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof OddLayout) throw oddFile(file, dataset, cause);
    throw cause;
  }
}

/** What is odd about a file as an error of ours. */
export function oddFile(file: string, dataset: string | undefined, cause: OddLayout): CrystalliteError {
  const what = dataset === undefined || dataset === "/" ? file : `${dataset} in ${file}`;
  const details: ErrorDetails = { file, dataset, expected: "a sound HDF5 file", found: cause.message };
  if (cause instanceof UnknownLayout) {
    return new UnsupportedFormat(`${what} uses something of HDF5 that we do not read: ${cause.message}`, {
      ...details,
      expected: undefined,
      remedy: "write the file again, for example with h5repack",
    }, { cause });
  }
  return new CorruptFile(`${what} cannot be read as HDF5: ${cause.message}`, {
    ...details,
    remedy: "copy or export the file again",
  }, { cause });
}
