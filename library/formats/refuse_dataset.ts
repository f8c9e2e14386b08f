/** Files that hold one array have no data sets to choose from. */

import { BadParameter } from "../scan/errors.ts";
import type { OpenOptions } from "./format.ts";

/** @throws {BadParameter} when the user names a data set */
export function refuseDataset(file: string, { dataset }: OpenOptions): void {
  if (dataset === undefined) return;
  throw new BadParameter(`${file} holds one array and no data set ${dataset}`, {
    file,
    dataset,
    expected: "no name of a data set",
    parameter: "dataset",
    remedy: "leave out `dataset`",
  });
}
