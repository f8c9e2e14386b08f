/** The beginning of most tests of the page: a film of a few grains, clustered, and shown in a window. */

import type { OpenPage, PageOptions, ViewerPage } from "./browser.ts";
import { clustersAre, showFile } from "./viewer_page.ts";
import {
  countLabels,
  growthWords,
  labelsOf,
  writeResult,
  writeScan,
  type WrittenScan,
} from "./viewer_scans.ts";

/** A usual window. */
export const usualWindow = { viewport: { width: 1440, height: 900 } } as const;

/** A result that is shown, with what it was made of. */
export interface FilmPage extends ViewerPage {
  readonly scan: WrittenScan;
  /** Folder of the result, its labels and how many clusters these are. */
  readonly result: string;
  readonly labels: Int32Array;
  readonly count: number;
}

/**
 * Writes the film and a result of it into a folder, and shows the result.
 *
 * @param words of the run
 */
export async function openFilm(
  open: OpenPage,
  folder: string,
  { words = growthWords, ...options }: PageOptions & { readonly words?: readonly string[] } = {},
): Promise<FilmPage> {
  const scan = await writeScan(folder), result = await writeResult(folder, scan.path, words);
  const labels = labelsOf(result), count = countLabels(labels);
  const opened = await open({ args: [folder], context: usualWindow, ...options });
  await showFile(opened.page, result);
  await clustersAre(opened.page, count);
  return { ...opened, scan, result, labels, count };
}
