/** Where virtual data sets take their numbers from: data sets of other files. */

import { expectKnown, expectLayout, Fields } from "./bytes.ts";
import type { Layout } from "./layout_message.ts";
import type { GlobalHeap } from "./local_heap.ts";

/** A source of a view. */
export interface ViewSource {
  /** As the file names it; `.` for the file itself. Patterns such as `data_%b.h5` stand for any number of files. */
  readonly file_name: string;
  /** Path of the data set in it, maybe a pattern too. */
  readonly dset_name: string;
  /** Along each axis the blocks of the view that the source fills, where they are regular. */
  readonly target?: readonly Blocks[];
}

/** Blocks along an axis. */
export interface Blocks {
  readonly start: number;
  readonly stride: number;
  /** `undefined` for as many as there are. */
  readonly count: number | undefined;
  readonly block: number;
}

const mostSources = 100_000, mostAxes = 32;
const noneKind = 0, pointsKind = 1, blocksKind = 2, allKind = 3;

/** The sources of a view, in the order of the file. */
export function parseSources(
  heap: GlobalHeap,
  { address, index }: Extract<Layout, { kind: "virtual" }>,
): ViewSource[] {
  if (address === undefined) return [];
  const fields = new Fields(heap.object(address, index));
  const version = fields.u8();
  expectKnown(version <= 1, "a view of an unknown version");
  const count = fields.u64();
  expectLayout(count <= mostSources, "a view of too many sources");
  const sources: ViewSource[] = [];
  const earlier = (of: (source: ViewSource) => string): string => {
    const source = sources[fields.u64()];
    expectLayout(source !== undefined, "a source that repeats one to come");
    return of(source);
  };
  for (let n = 0; n < count; n++) {
    // The newer version writes each name once.
    const flags = version === 1 ? fields.u8() : 0;
    const file_name = flags & 4 ? "." : flags & 1 ? earlier((source) => source.file_name) : fields.text();
    const dset_name = flags & 2 ? earlier((source) => source.dset_name) : fields.text();
    parseSelection(fields);
    sources.push({ file_name, dset_name, target: parseSelection(fields) });
  }
  return sources;
}

/** Reads the description of a part of a data set; `undefined` where it is not made of regular blocks. */
function parseSelection(fields: Fields): readonly Blocks[] | undefined {
  const kind = fields.u32(), version = fields.u32();
  if (kind === noneKind || kind === allKind) {
    fields.skip(8);
    return undefined;
  }
  expectKnown(kind === blocksKind || kind === pointsKind, "a view of an unknown kind");
  if (version === 1) {
    fields.skip(4);
    fields.skip(fields.u32());
    return undefined;
  }
  if (kind === blocksKind && version === 2) {
    fields.skip(1);
    const content = fields.take(fields.u32());
    return parseBlocks(content, content.u32(), 8);
  }
  expectKnown(version === (kind === blocksKind ? 3 : 2), "a view of an unknown version");
  const regular = kind === blocksKind && (fields.u8() & 1) !== 0,
    numberBytes = fields.u8(),
    axes = fields.u32();
  if (regular) return parseBlocks(fields, axes, numberBytes);
  const count = fields.unsigned(numberBytes);
  fields.skip(count * axes * numberBytes * (kind === blocksKind ? 2 : 1));
  return undefined;
}

function parseBlocks(fields: Fields, axes: number, numberBytes: number): readonly Blocks[] {
  expectLayout(
    axes <= mostAxes && (numberBytes === 2 || numberBytes === 4 || numberBytes === 8),
    "odd blocks",
  );
  return Array.from({ length: axes }, () => {
    const start = fields.unsigned(numberBytes), stride = fields.unsigned(numberBytes);
    const count = unlessUnlimited(fields, numberBytes), block = unlessUnlimited(fields, numberBytes);
    // A block without end is one block for each element.
    return {
      start,
      stride: block === undefined ? 1 : stride,
      count: block === undefined ? undefined : count,
      block: block ?? 1,
    };
  });
}

/** A number, of which the largest stands for "without limit". */
function unlessUnlimited(fields: Fields, numberBytes: number): number | undefined {
  const { bytes } = fields.take(numberBytes);
  return bytes.every((byte) => byte === 255) ? undefined : new Fields(bytes).unsigned(numberBytes);
}
