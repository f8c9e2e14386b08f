/** B-trees of version 2: records in order, of names, attributes or chunks. */

import { expectLayout, type Fields, type Hdf5Bytes } from "./bytes.ts";

const headBytes = 38, nodePrefixBytes = 6, checksumBytes = 4, addressBytes = 8;
const deepestTree = 16;

/** What the head of a tree says. */
interface Head {
  readonly type: number;
  readonly nodeBytes: number;
  readonly recordBytes: number;
  /** Bytes of the number of records of a child. */
  readonly countBytes: number;
  /** Bytes of the number of all records below a child, by the child's level. */
  readonly totalBytes: readonly number[];
}

/** A tree that has been opened. */
export interface TreeRecords {
  /** What the records are. */
  readonly type: number;
  readonly recordBytes: number;
  /** Number of all records. */
  readonly count: number;
  records(): Generator<Fields>;
}

/** Bytes that hold a number up to `limit`. */
export function bytesFor(limit: number): number {
  return Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1;
}

/**
 * Opens the tree at an address.
 *
 * @throws {OddLayout} when it is damaged, also while its records are read
 */
export function openTree(file: Hdf5Bytes, address: number): TreeRecords {
  const fields = file.readChecked(address, headBytes);
  fields.signature("BTHD");
  expectLayout(fields.u8() === 0, "a tree of an unknown version");
  const type = fields.u8(), nodeBytes = fields.u32(), recordBytes = fields.u16(), depth = fields.u16();
  fields.skip(2);
  const root = fields.address(), rootRecords = fields.u16(), count = fields.u64();
  expectLayout(depth < deepestTree && recordBytes > 0, "a tree of an impossible shape");
  expectLayout(count * recordBytes <= file.size, "a tree with more records than the file has room for");
  const head: Head = { type, nodeBytes, recordBytes, ...countSizes(nodeBytes, recordBytes, depth) };
  return {
    type,
    recordBytes,
    count,
    *records() {
      if (root === undefined || count === 0) return;
      let seen = 0;
      for (const record of nodeRecords(file, root, head, depth, rootRecords)) {
        expectLayout(++seen <= count, "a tree with more records than it says");
        yield record;
      }
      expectLayout(seen === count, "a tree with fewer records than it says");
    },
  };
}

function countSizes(nodeBytes: number, recordBytes: number, depth: number) {
  const overhead = nodePrefixBytes + checksumBytes;
  const inLeaf = Math.floor((nodeBytes - overhead) / recordBytes);
  expectLayout(inLeaf > 0, "a tree of impossibly small nodes");
  const countBytes = bytesFor(inLeaf), totalBytes = [0];
  for (let level = 1, total = inLeaf; level < depth; level++) {
    const pointerBytes = addressBytes + countBytes + totalBytes[level - 1];
    const most = Math.floor((nodeBytes - overhead - pointerBytes) / (recordBytes + pointerBytes));
    total = (most + 1) * total + most;
    totalBytes.push(bytesFor(total));
  }
  return { countBytes, totalBytes };
}

function* nodeRecords(
  file: Hdf5Bytes,
  address: number,
  head: Head,
  level: number,
  count: number,
): Generator<Fields> {
  const { type, recordBytes, countBytes, totalBytes } = head;
  const pointerBytes = level === 0 ? 0 : addressBytes + countBytes + totalBytes[level - 1];
  const bytes = nodePrefixBytes + count * recordBytes + (count + 1) * pointerBytes + checksumBytes;
  expectLayout(bytes <= head.nodeBytes, "a node with more records than it has room for");
  const fields = file.readChecked(address, bytes, head.nodeBytes);
  fields.signature(level === 0 ? "BTLF" : "BTIN");
  expectLayout(fields.u8() === 0 && fields.u8() === type, "a node of another tree");
  const records = Array.from({ length: count }, () => fields.take(recordBytes));
  if (level === 0) return yield* records;
  for (let child = 0; child <= count; child++) {
    const place = fields.u64(), childRecords = fields.unsigned(countBytes);
    fields.skip(totalBytes[level - 1]);
    yield* nodeRecords(file, place, head, level - 1, childRecords);
    if (child < count) yield records[child];
  }
}
