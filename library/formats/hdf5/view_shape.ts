/** Views that grow with the number of files behind them: their shape is not what the file says. */

import { expectLayout } from "./bytes.ts";
import type { ViewSource } from "./view_sources.ts";

/** More files than this are none of ours. */
const mostFiles = 100_000;

/**
 * The shape of a view of as many files as there are, one after the other from number 0.
 *
 * @param shape as the file says, which holds where nothing grows
 * @param exists whether there is such a data set
 */
export function viewShape(
  shape: readonly number[],
  sources: readonly ViewSource[],
  exists: (file: string, dataset: string) => boolean,
): readonly number[] {
  const grown = [...shape];
  for (const { file_name: file, dset_name: dataset, target } of sources) {
    const axis = target?.findIndex(({ count }) => count === undefined) ?? -1;
    if (axis < 0 || !isPattern(file + dataset)) continue;
    let blocks = 0;
    while (exists(numbered(file, blocks), numbered(dataset, blocks))) {
      expectLayout(++blocks <= mostFiles, "a view of too many files");
    }
    const { start, stride, block } = target![axis];
    const length = blocks === 0 ? 0 : start + (blocks - 1) * stride + block;
    grown[axis] = grows(sources, axis, target!) ? Math.max(grown[axis], length) : length;
    expectLayout(Number.isSafeInteger(grown[axis]), "a view of an impossible size");
  }
  return grown;
}

/** Whether an earlier source has decided already how far a view reaches. */
function grows(sources: readonly ViewSource[], axis: number, target: ViewSource["target"]): boolean {
  const first = sources.find(({ target }) => target?.[axis]?.count === undefined && target !== undefined);
  return first?.target !== target;
}

/** Whether a name stands for any number of files or data sets. */
export function isPattern(name: string): boolean {
  return /%\d*b/.test(name);
}

/** The name with the number of a file in it. */
function numbered(name: string, number: number): string {
  return name.replace(
    /%%|%(\d*)b/g,
    (found, width: string) =>
      found === "%%" ? "%" : String(number).padStart(Number(width) || 0, width?.startsWith("0") ? "0" : " "),
  );
}
