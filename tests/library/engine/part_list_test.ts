/** Parts as they are sent to threads: whatever they are, the same parts come out. */

import assert from "node:assert/strict";
import { packParts, unpackParts } from "../../../library/engine/part_list.ts";
import { plainFrame } from "../../../library/scan/frames.ts";
import { recordedParts, type StoredPart } from "../../../library/scan/stored.ts";

Deno.test("parts go to threads in few objects and come out as they were", () => {
  const frame = plainFrame(4, 5, "u16", true), other = plainFrame(4, 5, "u16", true);
  const contiguous = (path: string, offset: number, patterns = 1): StoredPart => ({
    ...{ kind: "contiguous", path, offset, patterns },
  });
  const frames = (path: string, offset: number, more = {}): StoredPart => ({
    ...{ kind: "frames", path, offset, recordBytes: 40, frame, patterns: 1, ...more },
  });
  const parts = [
    ...[contiguous("a", 0), contiguous("b c\n", 128), contiguous("é", 2 ** 40), contiguous("d", 0, 2)],
    ...[
      frames("e", 1),
      frames("f", 2),
      frames("g", 3, { frame: other }),
      frames("h", 4, { recordBytes: 50 }),
    ],
    ...[frames("i", 5, { order: Int32Array.of(0) }), frames("j", 6), contiguous("", 0)],
  ];
  assert.deepEqual(unpackParts(structuredClone(packParts(parts))), parts);
  const folder = Array.from({ length: 1000 }, (_, index) => contiguous(`folder/frame_${index}.npy`, 128));
  assert.equal(packParts(folder).length, 1);
  assert.deepEqual(unpackParts(packParts(folder)), folder);
  assert.deepEqual(unpackParts(packParts([])), []);
  const recorded = { patternRows: 4, patternColumns: 5, dtype: "u16" } as const;
  const binned: StoredPart[] = [{
    kind: "binned",
    factor: 1,
    recorded,
    parts: recordedParts(folder),
    patterns: 1000,
  }];
  const packed = packParts(binned);
  assert.ok(JSON.stringify(packed).length < JSON.stringify(binned).length / 2);
  assert.deepEqual(unpackParts(structuredClone(packed)), binned);
});
