import assert from "node:assert/strict";
import { encodeMessage, readMessages } from "../../../viewer/protocol/messages.ts";
import { decodeParts, encodeParts, type Parts } from "../../../viewer/protocol/parts.ts";

const parts: Parts = {
  header: { name: "größe", list: [1, 2] },
  arrays: {
    odd: Uint8Array.of(1, 2, 3),
    labels: Int32Array.of(-1, 5),
    values: Float32Array.of(0.5, NaN),
    probes: Uint32Array.of(4_000_000_000),
    figures: Float64Array.of(0.1, -(2 ** 40)),
    counts: Uint16Array.of(65535),
    nothing: new Float32Array(0),
  },
};

Deno.test("header and arrays come back as they were", () => {
  assert.deepEqual(decodeParts(encodeParts(parts).buffer), parts);
});

Deno.test("arrays that are parts of larger memory travel alone", () => {
  const values = new Float32Array(1000).subarray(10, 12);
  const encoded = encodeParts({ header: null, arrays: { values } });
  assert.ok(encoded.length < 100);
  assert.deepEqual(decodeParts(encoded.buffer).arrays.values, Float32Array.of(0, 0));
});

Deno.test("a damaged answer is refused wherever it is cut", () => {
  const encoded = encodeParts(parts);
  for (let length = 0; length < encoded.length; length++) {
    assert.throws(() => decodeParts(encoded.slice(0, length).buffer), Error, String(length));
  }
});

Deno.test("a stream is the same pieces however it is cut", async () => {
  const bytes = new Uint8Array([...encodeMessage(parts), ...encodeMessage({ header: 2, arrays: {} })]);
  for (const step of [1, 3, 7, bytes.length]) {
    const chunks = Array.from(
      { length: Math.ceil(bytes.length / step) },
      (_, index) => bytes.slice(index * step, (index + 1) * step),
    );
    const read = await Array.fromAsync(readMessages(ReadableStream.from(chunks)));
    assert.deepEqual(read, [parts, { header: 2, arrays: {} }]);
  }
});

Deno.test("a stream that is cut off, or announces too much, is refused", async () => {
  const whole = encodeMessage(parts);
  const cut = ReadableStream.from([whole.slice(0, -1)]);
  await assert.rejects(Array.fromAsync(readMessages(cut)), /ends within a piece/);
  const huge = ReadableStream.from([Uint8Array.of(255, 255, 255, 255)]);
  await assert.rejects(Array.fromAsync(readMessages(huge)), /damaged/);
});
