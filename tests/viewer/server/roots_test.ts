/** Only what lies below a served folder is listed, opened or written, whatever links and names are used. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { FolderListing } from "../../../viewer/protocol/folders.ts";
import { encodeNpy } from "../../../mod.ts";
import { ServingError } from "../../../viewer/server/failures.ts";
import { Roots } from "../../../viewer/server/files/roots.ts";
import { withFolder, withNeighbour } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { crystallite } from "../../support/command_line.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { failureOf, partsOf, succeed, withServer } from "../../support/serving.ts";

Deno.test("paths that lead out of the roots are refused before the disk is asked", () =>
  withNeighbour(async (served, secret) => {
    const roots = new Roots([served]), film = await writeFilm(secret), own = await writeFilm(served);
    await Deno.symlink(film, join(served, "link.npy"));
    await Deno.symlink(secret, join(served, "folder"));
    await Deno.symlink(own, join(served, "inside.npy"));
    assert.equal(await roots.real(own), own);
    assert.equal(await roots.real(join(served, "inside.npy")), own);
    assert.equal(await roots.real(join(served, "x", "..", "film.npy")), own);
    const refused = [
      film,
      `${served}/../served-not/film.npy`,
      `${served}/../served-not/missing.npy`,
      join(served, "link.npy"),
      join(served, "folder"),
      join(served, "folder", "film.npy"),
      `${own}\0.npy`,
      "film.npy",
      "",
      "//server/share/film.npy",
      "\\\\server\\share\\film.npy",
      `${served}-not/film.npy`,
      "/etc/passwd",
      "/proc/self/environ",
    ];
    for (const path of refused) {
      const refusal = (error: unknown) => error instanceof ServingError && error.kind === "Refused";
      await assert.rejects(roots.real(path), refusal, JSON.stringify(path));
      await assert.rejects(roots.future(`${path}/new`), refusal, JSON.stringify(path));
    }
    await assert.rejects(roots.real(join(served, "missing.npy")), { kind: "FileUnavailable" });
    assert.throws(() => new Roots([join(served, "missing")]), { kind: "FileUnavailable" });
  }));

Deno.test("over HTTP too, with one answer for what is there and what is not", () =>
  withNeighbour(async (served, secret) => {
    const film = await writeFilm(secret);
    await Deno.symlink(film, join(served, "link.npy"));
    await withServer({ roots: [served] }, async (server) => {
      for (const path of [film, `${secret}/missing`, join(served, "link.npy")]) {
        const opened = await failureOf(server.post("/api/open", { path }));
        assert.deepEqual([opened.kind, opened.status], ["Refused", 403]);
        const listed = await failureOf(server.get(`/api/files?path=${encodeURIComponent(path)}`));
        assert.deepEqual([listed.kind, listed.status], ["Refused", 403]);
      }
      const own = await server.open(await writeFilm(served));
      for (
        const words of [["--mask", film], ["--q-mask", `../served-not/film.npy`], ["--bad-pixels", film]]
      ) {
        const request = { words: ["--threshold", "0.9", ...words] };
        assert.equal((await failureOf(server.post(`/api/items/${own.id}/runs`, request))).kind, "Refused");
      }
      const input = ["--bad-pixels", film];
      assert.equal((await failureOf(server.post("/api/open", { path: own.path, input }))).kind, "Refused");
    });
  }));

Deno.test("a folder lists scans, results and sessions, and nothing that leads out", () =>
  withNeighbour(async (served, secret) => {
    const film = await writeFilm(served);
    await crystallite(
      "cluster",
      film,
      "--out",
      join(served, "result"),
      ...clusterFlags,
      "--export",
      "npy,csv",
    );
    await Deno.mkdir(join(served, "deeper"));
    for (const name of ["a.session.json", "b10.h5", "b9.h5", "notes.txt", ".hidden.npy"]) {
      await Deno.writeTextFile(join(served, name), "x");
    }
    await Deno.symlink(await writeFilm(secret), join(served, "out.npy"));
    await withServer({ roots: [served] }, async (server) => {
      const list = async (query: string): Promise<FolderListing> =>
        (await succeed(server.get(`/api/files${query}`))).json();
      const roots = await list("");
      assert.deepEqual(roots.entries.map(({ path, kind }) => [path, kind]), [[served, "folder"]]);
      const { path, parent, entries, truncated } = await list(`?path=${encodeURIComponent(served)}`);
      assert.deepEqual([path, parent, truncated], [served, undefined, false]);
      assert.deepEqual(entries.map(({ name, kind }) => [name, kind]), [
        ["deeper", "folder"],
        ["a.session.json", "session"],
        ["b9.h5", "scan"],
        ["b10.h5", "scan"],
        ["film.npy", "scan"],
        ["result", "result"],
      ]);
      assert.equal((await list(`?path=${encodeURIComponent(join(served, "deeper"))}`)).parent, served);
    });
  }));

Deno.test("HDF5 files that link to, or take data from, files that are not served are refused", () =>
  withNeighbour(async (served, secret) => {
    const shape = [3, 4, 5, 6], data = Uint16Array.from({ length: 360 }, (_, i) => i % 50);
    const scan = { data, shape, dtype: "<H" };
    await writeHdf5(join(secret, "far.h5"), (file) => file.create_dataset({ name: "scan", ...scan }));
    await writeHdf5(join(served, "near.h5"), (file) => file.create_dataset({ name: "scan", ...scan }));
    const link = (name: string, target: string) =>
      writeHdf5(join(served, name), (file) => {
        file.create_dataset({ name: "small", data: Uint16Array.of(1, 2), shape: [2], dtype: "<H" });
        file.create_group("group").create_external_link(target, "/scan", "data");
      });
    await link("inside.h5", "near.h5");
    await link("outside.h5", "../served-not/far.h5");
    await link("absolute.h5", join(secret, "far.h5"));
    await Deno.symlink(join(secret, "far.h5"), join(served, "alias.h5"));
    await link("symlink.h5", "alias.h5");
    await writeHdf5(
      join(served, "twice.h5"),
      (file) => file.create_external_link("outside.h5", "/group/data", "scan"),
    );
    await withServer({ roots: [served] }, async (server) => {
      assert.equal((await server.open(join(served, "inside.h5"))).shape.rows, 3);
      for (const name of ["outside.h5", "absolute.h5", "symlink.h5", "twice.h5"]) {
        const { kind } = await failureOf(server.post("/api/open", { path: join(served, name) }));
        assert.equal(kind, "Refused", name);
      }
    });
  }));

Deno.test("the scan behind a result is read only where it is served", () =>
  withNeighbour(async (served, secret) => {
    const film = await writeFilm(secret), result = join(served, "result");
    await crystallite("cluster", film, "--out", result, ...clusterFlags);
    await withServer({ roots: [served] }, async (server) => {
      const item = await server.open(result);
      assert.ok(
        !item.scan.readable && /not in a folder that is served/.test(item.scan.why),
        JSON.stringify(item),
      );
      assert.ok(item.clustering);
    });
    await withServer({ roots: [served, secret] }, async (server) => {
      assert.equal((await server.open(result)).scan.readable, true);
    });
  }));

Deno.test("no more than eight items stay open; the one that was used last is not closed", () =>
  withFolder(async (folder) => {
    const paths = Array.from({ length: 10 }, (_, k) => join(folder, `${k}.npy`));
    for (const path of paths) await Deno.writeFile(path, encodeNpy("u8", [2, 2, 4, 4], new Uint8Array(64)));
    await withServer({ roots: [folder] }, async (server) => {
      const first = await server.open(paths[0]), second = await server.open(paths[1]);
      for (const path of paths.slice(2)) {
        await server.open(path);
        await succeed(server.get(`/api/items/${first.id}/pattern?row=0&column=0`));
      }
      const gone = await failureOf(server.get(`/api/items/${second.id}`));
      assert.deepEqual([gone.kind, gone.status], ["NotFound", 404]);
    });
  }));

Deno.test("HDF5 views of other files are opened where those are served, and raw data never", () =>
  withFolder(async (folder) => {
    const served = join(folder, "served"), outside = join(folder, "outside");
    await Deno.mkdir(served);
    await Deno.mkdir(outside);
    for (const name of ["view_beside.h5", "view_outside.h5", "raw.h5"]) {
      await Deno.copyFile(new URL(`../../data/hdf5_foreign/${name}`, import.meta.url), join(served, name));
    }
    const data = Uint16Array.from({ length: 360 }, (_, i) => i % 50), shape = [3, 4, 5, 6];
    for (const place of [served, outside]) {
      const source = join(place, "source.h5");
      await writeHdf5(source, (file) => file.create_dataset({ name: "scan", data, shape, dtype: "<H" }));
    }
    await Deno.writeFile(join(served, "source.bin"), new Uint8Array(data.buffer));
    await withServer({ roots: [served] }, async (server) => {
      const { id } = await server.open(join(served, "view_beside.h5"));
      const { arrays } = await partsOf(server.get(`/api/items/${id}/pattern?row=0&column=1`));
      assert.deepEqual(arrays.pattern, Float32Array.from(data.subarray(30, 60)));
      for (const name of ["view_outside.h5", "raw.h5"]) {
        assert.equal(
          (await failureOf(server.post("/api/open", { path: join(served, name) }))).kind,
          "Refused",
          name,
        );
      }
    });
    await withServer({ roots: [folder] }, async (server) => {
      assert.equal((await server.open(join(served, "view_outside.h5"))).shape.columns, 4);
      assert.equal(
        (await failureOf(server.post("/api/open", { path: join(served, "raw.h5") }))).kind,
        "Refused",
      );
    });
  }));
