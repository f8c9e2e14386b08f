/** A paragraph for the methods section of a paper: what was done to a scan, with every number, and what to cite. */

import type { StoredResult } from "../read.ts";
import { hasOrientations } from "../read_orientations.ts";
import { hasStrain } from "../read_strain.ts";
import {
  type Citation,
  clusteringPaper,
  matchingPaper,
  programCitation,
  scatteringPaper,
  trianglePaper,
} from "./citations.ts";
import { describeClustering } from "./clustering_text.ts";
import { restoreClustering } from "../restore.ts";
import { describeCrystals } from "./crystal_text.ts";

/** What a methods section says of a result. */
export interface MethodsText {
  /** The paragraph in plain text; numbers in brackets count {@link citations} from 1. */
  readonly text: string;
  /** The works that it cites, in their order. */
  readonly citations: readonly Citation[];
}

/** Names a work and gives its number in brackets. */
export type Cite = (citation: Citation) => string;

/**
 * Describes how a result was made, for the methods section of a paper.
 *
 * @param result a result as `readResult` gives it
 * @throws {CorruptFile} when what it says of orientations or strain is damaged
 *
 * @example
 * ```ts
 * import {
 *   averagePatterns, clusterScan, defaultParameters, describeMethods, readResult, simulateScan, writeResult,
 * } from "crystallite";
 *
 * const scan = simulateScan({ rows: 12, columns: 12, grains: 3, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const directory = `${await Deno.makeTempDir()}/result`;
 * await writeResult(directory, { scan, clustering, averages: averagePatterns(scan, clustering) });
 * const { text, citations } = describeMethods(await readResult(directory));
 * console.assert(text.includes("at least 0.9") && citations[0].text.includes("Lee"));
 * ```
 */
export function describeMethods(result: StoredResult): MethodsText {
  const citations: Citation[] = [];
  const cite: Cite = (citation) => {
    if (!citations.includes(citation)) citations.push(citation);
    return `[${citations.indexOf(citation) + 1}]`;
  };
  const program = programCitation(result.run.version);
  const sentences = describeClustering(result.run, restoreClustering(result), cite, {
    program,
    method: clusteringPaper,
    triangle: trianglePaper,
  });
  if (hasOrientations(result)) {
    const works = { method: clusteringPaper, matching: matchingPaper, scattering: scatteringPaper };
    sentences.push(...describeCrystals(result, cite, works, hasStrain(result)));
  }
  return { text: sentences.join(" "), citations };
}
