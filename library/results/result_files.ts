/** The files of a result directory: those of people and tables, and one for each product. */

import { dtypeName } from "../scan/dtype.ts";
import { runRecordName } from "./directory.ts";
import { editsName } from "./edits_file.ts";
import { fileOf, type Product } from "./product.ts";
import { products } from "./products.ts";

/** Groups of files that can be left out of a result. */
export type ExportGroup = "npy" | "csv" | "h5" | "png" | "html";

/** All of them, the default. */
export const exportGroups: readonly ExportGroup[] = ["npy", "csv", "h5", "png", "html"];

/** A file of a result directory. */
export interface ResultFile {
  readonly name: string;
  /** The group that it is left out with; absent for what is always written. */
  readonly group?: ExportGroup;
  /** Whether it is another one, or written anew, once the labels were edited. */
  readonly followsLabels: boolean;
  /** Number type and axes of an array. */
  readonly array?: string;
  /** Unit of the values of an array. */
  readonly unit?: string;
  /** What it is, in a line of documentation. */
  readonly about: string;
  /** When it is there, in words. */
  readonly when: string;
}

/** Name of the table of clusters. */
export const clusterTableName = "clusters.csv";
/** Name of the file that holds all arrays and the table. */
export const clustersFileName = "clusters.h5";
/** Name of the cluster map as a picture. */
export const mapFileName = "map.png";
/** Name of the page about a result. */
export const reportName = "report.html";

const forPeople: readonly ResultFile[] = [
  {
    name: reportName,
    group: "html",
    followsLabels: true,
    about:
      "self-contained page, no network: maps, how far to trust them, other thresholds, patterns, sizes, parameters",
    when: "always",
  },
  {
    name: mapFileName,
    group: "png",
    followsLabels: true,
    about: "the cluster map with scale bar",
    when: "always",
  },
  {
    name: clusterTableName,
    group: "csv",
    followsLabels: true,
    about:
      "id, size, seed, centroid, bounds and mean similarity of each cluster; its notes and tags where there are any",
    when: "always",
  },
];

const forPrograms: readonly ResultFile[] = [
  {
    name: clustersFileName,
    group: "h5",
    followsLabels: true,
    about: "all arrays under their names without `.npy`, and the table of clusters, as EMD 1.0",
    when: "always",
  },
  {
    name: editsName,
    followsLabels: true,
    about: "the corrections by hand",
    when: "where there are corrections",
  },
  {
    name: runRecordName,
    followsLabels: true,
    about:
      "parameters, what automatic ones came to and why, stability, input and its checksum, timings, warnings: " +
      "enough to run it again",
    when: "always",
  },
];

/** All files of a result, in the order in which the documentation lists them. */
export function resultFiles(table: readonly Product[] = products): readonly ResultFile[] {
  return [...forPeople, ...table.map(arrayFile), ...forPrograms];
}

function arrayFile(product: Product): ResultFile {
  const { axes, unit, followsLabels, about, when } = product;
  const array = `${dtypeName(product.type)} (${axes.join(", ")})`;
  return { name: fileOf(product), group: "npy", followsLabels, array, unit, about, when };
}

/** The groups that a result was written with, by its files. */
export function groupsOf(
  files: readonly { readonly name: string }[],
  table: readonly Product[] = products,
): Set<ExportGroup> {
  const names = new Set(files.map(({ name }) => name));
  return new Set(resultFiles(table).flatMap(({ name, group }) => group && names.has(name) ? [group] : []));
}
