/** What the `masked` kernels are told about a masked sampling (layout: assembly/masked.ts). */

import type { GaussianTaps } from "./gaussian.ts";
import type { MaskedPart, MaskedSampling } from "./masked_sampling.ts";
import type { AxisSampling, PatternSampling } from "./sampling.ts";
import {
  bytesOf,
  rowStride,
  sampledScratchBytes,
  samplingTableBytes,
  samplingTables,
  tapTables,
} from "./sampling_tables.ts";

/** Words of the header, and of each part in it. */
const headerWords = 4, partWords = 4;
/** Words of a group of four values: where they are, and the roots of their weights. */
const groupWords = 5;

/** Floats of a masked pattern's values. */
export function maskedCount({ parts }: MaskedSampling): number {
  return parts.reduce((sum, part) => sum + 4 * groupsOf(part).length, 0);
}

/** Bytes of scratch that the `masked` kernels want: what sampling takes, and all places of a part. */
export function maskedScratchBytes({ parts }: MaskedSampling, taps: GaussianTaps): number {
  return parts.reduce(
    (most, { sampling }) =>
      Math.max(
        most,
        sampledScratchBytes(sampling, taps) + 4 * rowStride(sampling.rows) * sampling.columns.nodes.length,
      ),
    0,
  );
}

/** Bytes that {@link maskedTables} has at most. */
export function maskedTableBytes({ parts }: MaskedSampling, taps: GaussianTaps): number {
  return 4 * headerWords +
    parts.reduce(
      (sum, part) =>
        sum + 4 * partWords + samplingTableBytes(part.sampling, taps) +
        4 * groupWords * groupsOf(part).length,
      0,
    );
}

/** The tables of the `masked` kernels, to be placed in their memory. */
export function maskedTables({ parts }: MaskedSampling, taps: GaussianTaps): Uint8Array<ArrayBuffer> {
  const known = tapTables(taps);
  const body: Uint8Array[] = [], header: number[] = [parts.length, 0, 0, 0];
  let offset = 4 * (headerWords + partWords * parts.length), scratch = 0;
  for (const part of parts) {
    const sampling = samplingTables(plain(part.sampling), taps, known);
    const groups = groupsOf(part), table = bytesOf(groups);
    header.push(offset, offset + sampling.length, groups.length, 0);
    body.push(sampling, table);
    offset += sampling.length + table.length;
    scratch = Math.max(scratch, sampledScratchBytes(part.sampling, taps));
  }
  header[1] = scratch;
  return bytesOf([Int32Array.from(header), ...body]);
}

/** Places with weights of 1: those of the axes are part of the groups' weights. */
function plain({ sigma, rows, columns }: PatternSampling): PatternSampling {
  const ones = (axis: AxisSampling) => ({ ...axis, weights: new Float64Array(axis.nodes.length).fill(1) });
  return { sigma, rows: ones(rows), columns: ones(columns) };
}

/** Fours of neighbouring row nodes that count: the byte at which they begin among all places, and roots of their weights. */
function groupsOf({ sampling: { rows, columns }, weights }: MaskedPart): Uint8Array[] {
  const count = rows.nodes.length, stride = rowStride(rows), groups: Uint8Array[] = [];
  for (let j = 0; j < columns.nodes.length; j++) {
    for (let i = 0; i < count; i += 4) {
      const roots = Float32Array.from(
        { length: 4 },
        (_, k) => i + k < count ? Math.sqrt(weights[j * count + i + k]) : 0,
      );
      if (roots.some((root) => root > 0)) groups.push(bytesOf([Int32Array.of(4 * (j * stride + i)), roots]));
    }
  }
  return groups;
}
