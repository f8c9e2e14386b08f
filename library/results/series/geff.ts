/**
 * Tracks as a graph in the Graph Exchange File Format (geff 1.3), a Zarr v2 group that napari and traccuracy read: a node for
 * each track and frame, edges from a region to what it became. A merger is a node with two parents.
 */

import { join } from "node:path";
import type { TrackEvent } from "../../series/events.ts";
import type { TrackedRegion } from "../../series/track_summary.ts";

/** A frame with its tracks. */
export interface GraphFrame {
  readonly regions: readonly Pick<TrackedRegion, "track" | "frame" | "row" | "column" | "size">[];
}

/** Number types of the arrays. */
type Numbers = BigUint64Array | Float64Array | Int32Array;
const descriptors = { BigUint64Array: "<u8", Float64Array: "<f8", Int32Array: "<i4" } as const;

/** Writes the folder. */
export async function writeGeff(
  path: string,
  frames: readonly GraphFrame[],
  events: readonly TrackEvent[],
): Promise<void> {
  const nodes = frames.flatMap(({ regions }) => regions);
  const edges = edgesOf(frames, events);
  await group(path, {
    geff: {
      geff_version: "1.3",
      directed: true,
      axes: [
        { name: "t", type: "time", unit: "frame" },
        { name: "y", type: "space", unit: "pixel" },
        { name: "x", type: "space", unit: "pixel" },
      ],
      node_props_metadata: {
        t: { identifier: "t", dtype: "int32" },
        y: { identifier: "y", dtype: "float64" },
        x: { identifier: "x", dtype: "float64" },
        track: { identifier: "track", dtype: "int32" },
        area: { identifier: "area", dtype: "int32" },
      },
      edge_props_metadata: {},
      track_node_props: { tracklet: "track" },
    },
  });
  await group(join(path, "nodes"));
  await array(join(path, "nodes", "ids"), [nodes.length], BigUint64Array.from(nodes.keys().map(BigInt)));
  await group(join(path, "nodes", "props"));
  const property = async (name: string, values: Numbers) => {
    await group(join(path, "nodes", "props", name));
    await array(join(path, "nodes", "props", name, "values"), [values.length], values);
  };
  await property("t", Int32Array.from(nodes, ({ frame }) => frame));
  await property("y", Float64Array.from(nodes, ({ row }) => row));
  await property("x", Float64Array.from(nodes, ({ column }) => column));
  await property("track", Int32Array.from(nodes, ({ track }) => track));
  await property("area", Int32Array.from(nodes, ({ size }) => size));
  await group(join(path, "edges"));
  await group(join(path, "edges", "props"));
  await array(join(path, "edges", "ids"), [edges.length, 2], BigUint64Array.from(edges.flat().map(BigInt)));
}

/** Edges by node numbers: along tracks, from a parent to what split off, and from a guest to its host. */
function edgesOf(frames: readonly GraphFrame[], events: readonly TrackEvent[]): [number, number][] {
  const nodes = new Map<string, number>(), last = new Map<number, number>(), edges: [number, number][] = [];
  let next = 0;
  const splits = new Map(
    events.flatMap((event) => event.kind === "split" ? [[event.track, event] as const] : []),
  );
  const mergers = events.filter(({ kind }) => kind === "merge");
  frames.forEach(({ regions }, frame) => {
    const before = new Map(last);
    for (const { track } of regions) {
      const node = next++, from = before.get(track), split = splits.get(track);
      nodes.set(`${frame},${track}`, node);
      if (from !== undefined) edges.push([from, node]);
      else if (split?.frame === frame && before.has(split.partner)) {
        edges.push([before.get(split.partner)!, node]);
      }
      last.set(track, node);
    }
    for (const { track, partner } of mergers.filter((event) => event.frame === frame)) {
      const from = before.get(track), to = nodes.get(`${frame},${partner}`);
      if (from !== undefined && to !== undefined) edges.push([from, to]);
    }
  });
  return edges;
}

async function group(path: string, attributes: unknown = {}): Promise<void> {
  await Deno.mkdir(path);
  await json(path, ".zgroup", { zarr_format: 2 });
  await json(path, ".zattrs", attributes);
}

/** An array of one uncompressed chunk. */
async function array(path: string, shape: readonly number[], values: Numbers): Promise<void> {
  await Deno.mkdir(path);
  await json(path, ".zarray", {
    zarr_format: 2,
    shape,
    chunks: shape.map((length) => Math.max(1, length)),
    dtype: descriptors[values.constructor.name as keyof typeof descriptors],
    ...{ compressor: null, fill_value: 0, order: "C", filters: null, dimension_separator: "." },
  });
  if (values.length === 0) return;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  await Deno.writeFile(join(path, shape.map(() => "0").join(".")), bytes as Uint8Array<ArrayBuffer>);
}

async function json(path: string, name: string, content: unknown): Promise<void> {
  await Deno.writeTextFile(join(path, name), JSON.stringify(content, null, 1));
}
