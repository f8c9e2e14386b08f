/** The page's client against the server itself, without a network between them. */

import assert from "node:assert/strict";
import { addressOf, call, Refusal, stream, Unreachable } from "../../../viewer/page/client.ts";
import { withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { type TestServer, withServer } from "../../support/serving.ts";

/** Has the page's requests answered by a server. */
async function against(server: TestServer, test: () => Promise<void>): Promise<void> {
  const { fetch } = globalThis;
  globalThis.fetch = (path, init) => server.handle(new Request(`http://localhost${path}`, init));
  try {
    await test();
  } finally {
    globalThis.fetch = fetch;
  }
}

Deno.test("parameters stand in their places, others behind the question mark", () => {
  assert.equal(addressOf("/api/items/:id/map", { id: "a/b" }), "/api/items/a%2Fb/map");
  assert.equal(
    addressOf("/api/items/:id", { id: "$&", row: 3, other: undefined }),
    "/api/items/%24%26?row=3",
  );
  assert.equal(addressOf("/api/:ids/:id", { id: 1, ids: 2 }), "/api/2/1");
  assert.equal(addressOf("/api/files", {}), "/api/files");
});

Deno.test("every way of answering arrives as what it is", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder);
    await withServer({ roots: [folder] }, (server) =>
      against(server, async () => {
        const { entries } = await call("GET /api/files", { path: folder });
        assert.ok(entries.some(({ path }) => path === film));
        const opened = await call("POST /api/open", {}, { path: film });
        assert.ok("shape" in opened);
        const { id, shape } = opened;
        const pattern = await call("GET /api/items/:id/pattern", { id, row: 2, column: 3 });
        assert.deepEqual([pattern.header.row, pattern.header.column], [2, 3]);
        assert.equal(pattern.arrays.pattern.length, shape.patternRows * shape.patternColumns);
        const { run } = await call("POST /api/items/:id/runs", { id }, { words: clusterFlags });
        const seen = [];
        for await (const { header } of stream("GET /api/runs/:id/stream", { id: run })) {
          seen.push(header.kind);
        }
        assert.equal(seen.at(-1), "done");
        const probes = Uint32Array.of(0, 1, 2), asked = { header: { sizes: [1, 2] }, arrays: { probes } };
        const pieces = await Array.fromAsync(stream("POST /api/items/:id/averages", { id }, asked));
        assert.deepEqual(pieces.map(({ header }) => header.place), [0, 1]);
        const view = { source: "method" } as const;
        for (const [kind, type] of [["table", "text/csv"], ["session", "application/json"]] as const) {
          const { name, content } = await call("POST /api/items/:id/download", { id }, {
            view,
            kinds: [kind],
          });
          assert.match(name, /\.(csv|json)$/);
          assert.ok(content.type.startsWith(type), content.type);
        }
      }));
  }));

Deno.test("what the server refuses is thrown, at once or late", () =>
  withFolder((folder) =>
    withServer({ roots: [folder] }, (server) =>
      against(server, async () => {
        await assert.rejects(
          call("GET /api/items/:id", { id: "none" }),
          (cause) => cause instanceof Refusal && cause.status === 404 && cause.failure.kind === "NotFound",
        );
        await assert.rejects(Array.fromAsync(stream("GET /api/runs/:id/stream", { id: "none" })), Refusal);
      }))
  ));

Deno.test("a server that does not answer is unreachable, a request that was stopped is not", async () => {
  const { fetch } = globalThis;
  const stop = new AbortController();
  globalThis.fetch = () => Promise.reject(new TypeError("no network"));
  try {
    await assert.rejects(call("GET /api/files", {}), Unreachable);
    stop.abort();
    await assert.rejects(call("GET /api/files", {}, undefined, stop.signal), TypeError);
  } finally {
    globalThis.fetch = fetch;
  }
});

/** Never run: what must not compile. */
export function mistakes(): unknown[] {
  return [
    // @ts-expect-error there is no such endpoint
    () => call("GET /api/item/:id", { id: "1" }),
    // @ts-expect-error a parameter of the address is missing
    () => call("GET /api/items/:id/map", {}),
    // @ts-expect-error a parameter behind the question mark is missing
    () => call("GET /api/items/:id/pattern", { id: "1", row: 2 }),
    // @ts-expect-error the body is missing
    () => call("POST /api/open", {}),
    // @ts-expect-error the body is another one
    () => call("POST /api/open", {}, { words: [] }),
    // @ts-expect-error pieces come one after the other
    () => call("GET /api/runs/:id/stream", { id: "1" }),
    // @ts-expect-error there are no pieces
    () => stream("GET /api/items/:id/map", { id: "1" }),
    // @ts-expect-error the answer has no such field
    async () => (await call("GET /api/items/:id", { id: "1" })).labels,
  ];
}
