/** Requests of every odd kind to every address: each is answered, none by a failure of the server itself. */

import assert from "node:assert/strict";
import { encodeParts } from "../../../viewer/protocol/parts.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { withServer } from "../../support/serving.ts";

/** Values that a field may hold by mistake or malice. */
const oddities: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    9007199254740993,
    "",
    "x",
    "../..",
    "\0",
    "--",
    "--help",
    "-h",
    "--roi",
    "auto",
  ],
  ...[[], [null], [[]], ["--"], ["--threshold"], ["--mask="], ["--mask", "x"], ["--preset", "none"], {}],
  ...[{ length: 5 }, { runs: null }, { runs: [1e9] }, { runs: [-1, 169] }, { runs: [168] }, {
    runs: ["168"],
  }],
  ...[{ source: "threshold", threshold: 2 }, { source: "method", mask: { runs: [] } }, {
    row: 1,
    column: 1,
    outer: 1e300,
  }],
  ...[{ version: 1, operations: [{}], cursor: 1 }, { version: 1, operations: [], cursor: 5 }, {
    __proto__: { a: 1 },
  }],
  "x".repeat(100_000),
];

/** Fields of each request, with values that are in order. */
const requests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "/api/open": { path: "PATH", input: [] },
  "/api/items/ID/labels": {
    source: "threshold",
    threshold: 0.98,
    minimumSize: 2,
    edits: { version: 1, operations: [], cursor: 0 },
    mask: { runs: [0, 168] },
  },
  "/api/items/ID/command": { source: "method", edits: { version: 1, operations: [], cursor: 0 } },
  "/api/items/ID/estimate": { words: [...clusterFlags], mask: { runs: [0, 168] } },
  "/api/items/ID/virtual": { detector: { row: 15, column: 15, inner: 1, outer: 5 }, draft: true },
  "/api/items/ID/download": {
    view: { source: "method" },
    kinds: ["table"],
    name: "x",
    page: {},
  },
  "/api/items/ID/save": {
    view: { source: "method" },
    kinds: ["table"],
    folder: "FOLDER",
    name: "x",
    replace: true,
  },
};

Deno.test("odd requests are refused, never failed by", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), random = seededRandom(11);
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(film);
      await server.run(id, clusterFlags);
      let refused = 0;
      const send = async (path: string, body: unknown) => {
        const response = await server.post(path.replace("ID", id), body);
        const text = await response.text();
        const shown = `${path} ${JSON.stringify(body)?.slice(0, 300)}: ${response.status} ${
          text.slice(0, 300)
        }`;
        if (response.ok) return;
        refused++;
        const { error } = JSON.parse(text);
        assert.ok(response.status < 500 && error.kind !== "Unexpected", shown);
        assert.equal(typeof error.message, "string", shown);
        assert.doesNotMatch(text, /\.ts:\d+|TypeError|undefined/, shown);
      };
      for (const [path, fields] of Object.entries(requests)) {
        const good = JSON.parse(JSON.stringify(fields).replace("PATH", film).replace("FOLDER", folder));
        const answer = await server.post(path.replace("ID", id), good);
        assert.ok(answer.ok, `${path}: ${await answer.text()}`);
        for (const oddity of oddities) {
          await send(path, oddity);
          for (const name of Object.keys(good)) await send(path, { ...good, [name]: oddity });
        }
        for (const name of Object.keys(good)) await send(path, { ...good, [name]: undefined });
      }
      assert.ok(refused > 1000, `${refused} refused`);
      const good = encodeParts({ header: { sizes: [2], bin: 1 }, arrays: { probes: Uint32Array.of(0, 1) } });
      for (let trial = 0; trial < 300; trial++) {
        const bytes = good.slice(0, trial % 3 === 0 ? Math.floor(random() * good.length) : good.length);
        for (let k = 0; k < 1 + trial % 4 && bytes.length > 0; k++) {
          bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        }
        const response = await server.post(`/api/items/${id}/averages`, bytes);
        await response.arrayBuffer();
        assert.ok(response.status < 500, `trial ${trial}: ${response.status}`);
      }
      for (
        const query of [
          "row=",
          "row=1",
          "row=1&column=",
          "row=1&column=1e9",
          "row=NaN&column=0",
          "row=1&row=2",
          "",
        ]
      ) {
        const response = await server.get(`/api/items/${id}/pattern?${query}`);
        assert.equal(response.status, 400, query);
      }
      for (const query of ["?path=%00", "?path=..", "?path=%2Fetc", `?path=${"x".repeat(5000)}`]) {
        assert.ok([400, 403].includes((await server.get(`/api/files${query}`)).status), query);
      }
    });
  }));
