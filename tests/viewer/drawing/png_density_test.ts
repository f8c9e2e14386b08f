import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { decode } from "fast-png";
import { encodePng } from "../../../library/report/png.ts";
import { withDensity } from "../../../viewer/drawing/png_density.ts";

Deno.test("a PNG with its density has the same pixels, and says how many there are to a metre", () => {
  const image = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, at) => 13 * at) };
  const before = encodePng(image), after = withDensity(before, 300 / 0.0254);
  const { resolution, ...decoded } = decode(after);
  assert.deepEqual({ ...resolution }, { x: 11811, y: 11811, unit: 1 });
  assert.deepEqual(decoded.data, decode(before).data);
  const view = new DataView(after.buffer);
  assert.equal(view.getUint32(33 + 17), crc32(after.subarray(33 + 4, 33 + 17)));
});
