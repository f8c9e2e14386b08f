/** Groups and arrays of a Zarr store, found by walking through it: a summary of it may be out of date. */

import { UnsupportedFormat } from "../../scan/errors.ts";
import type { ZarrFiles } from "./files.ts";
import { isRecord, type Json } from "../json_object.ts";
import { readJson } from "./json.ts";

/** A group or an array. */
export interface ZarrNode {
  /** Path inside the store, `/` for its root. */
  readonly path: string;
  readonly kind: "group" | "array";
  /** What describes it; of a group of Zarr 2, nothing. */
  readonly metadata: Json;
  readonly attributes: Json;
}

/** Nodes and levels of larger trees are not looked at. */
const mostNodes = 5000, mostLevels = 16;

/** Name of a file of a node. */
export function fileOf(path: string, name: string): string {
  return path === "/" ? name : `${path.slice(1)}/${name}`;
}

/**
 * The node at a path; `undefined` where there is none.
 *
 * @throws {CorruptFile} when its description cannot be understood
 */
export async function readNode(files: ZarrFiles, path: string): Promise<ZarrNode | undefined> {
  const version3 = await readJson(files, fileOf(path, "zarr.json"));
  if (version3) {
    const { node_type: kind, attributes } = version3;
    if (kind !== "group" && kind !== "array") return undefined;
    return { path, kind, metadata: version3, attributes: isRecord(attributes) ? attributes : {} };
  }
  const array = await readJson(files, fileOf(path, ".zarray"));
  if (!array && files.size(fileOf(path, ".zgroup")) === undefined) return undefined;
  const attributes = await readJson(files, fileOf(path, ".zattrs")) ?? {};
  return { path, kind: array ? "array" : "group", metadata: { ...array, zarr_format: 2 }, attributes };
}

/**
 * All arrays of a store, by falling into its groups in the order of names.
 *
 * @throws {UnsupportedFormat} when there are too many nodes to look at
 */
export async function listArrays(files: ZarrFiles): Promise<ZarrNode[]> {
  const found: ZarrNode[] = [];
  let nodes = 0;
  const visit = async (path: string, level: number): Promise<void> => {
    const node = await readNode(files, path);
    if (!node) return;
    if (++nodes > mostNodes || level > mostLevels) throw tooMany(files.path);
    if (node.kind === "array") return void found.push(node);
    for (const name of files.names(path.slice(1))) {
      if (!name.startsWith(".") && name !== "zarr.json") {
        await visit(path === "/" ? `/${name}` : `${path}/${name}`, level + 1);
      }
    }
  };
  await visit("/", 0);
  return found;
}

function tooMany(file: string): UnsupportedFormat {
  return new UnsupportedFormat(`${file} has more groups and arrays than we look at`, {
    file,
    expected: `at most ${mostNodes}, nested at most ${mostLevels} deep`,
    remedy: "name the array with `dataset`",
    parameter: "dataset",
  });
}
