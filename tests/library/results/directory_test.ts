import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { BadParameter, type CrystalliteError, FileUnavailable } from "../../../library/scan/errors.ts";
import { isResultDirectory } from "../../../library/results/directory.ts";
import { checkResultDirectory, PendingResult } from "../../../library/results/pending_result.ts";
import { fileNames, withFolder } from "../../support/folders.ts";

const ours = JSON.stringify({ program: "crystallite", files: [{ name: "content", bytes: 3 }] });

/** A finished result whose content can be told from others. */
async function makeResult(directory: string, content: string): Promise<void> {
  await Deno.mkdir(directory);
  await Deno.writeTextFile(join(directory, "content"), content);
  await Deno.writeTextFile(join(directory, "run.json"), ours);
}

async function putResult(directory: string, content: string, force = false): Promise<void> {
  const pending = await PendingResult.create(directory, { force });
  await Deno.writeTextFile(join(pending.path, "content"), content);
  await Deno.writeTextFile(join(pending.path, "run.json"), ours);
  await pending.commit();
}

const contentOf = (directory: string) => Deno.readTextFile(join(directory, "content"));

/** The error is one of ours, names the file, and says what to do. */
function isHelpful(kind: { new (message: string): CrystalliteError }, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(error.message, message);
    assert.ok(error.details.remedy);
    return true;
  };
}

Deno.test("a result appears only when it is committed, and nothing else remains", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    const pending = await PendingResult.create(out);
    await Deno.writeTextFile(join(pending.path, "run.json"), ours);
    const [hidden] = await fileNames(folder);
    assert.match(hidden, /^\.out\.partial-[0-9a-f]{8}$/);
    await pending.commit();
    await pending.discard();
    assert.deepEqual(await fileNames(folder), ["out"]);
    assert.ok(await isResultDirectory(out));
  }));

Deno.test("a discarded result leaves nothing, and discarding twice is harmless", () =>
  withFolder(async (folder) => {
    const pending = await PendingResult.create(join(folder, "out"));
    await Deno.writeTextFile(join(pending.path, "file"), "x");
    await pending.discard();
    await pending.discard();
    assert.deepEqual(await fileNames(folder), []);
  }));

Deno.test("force replaces a result of ours, and only with force", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    await putResult(out, "first");
    await assert.rejects(putResult(out, "second"), isHelpful(FileUnavailable, /already holds a result/));
    assert.equal(await contentOf(out), "first");
    await putResult(out, "second", true);
    assert.equal(await contentOf(out), "second");
    assert.deepEqual(await fileNames(folder), ["out"]);
  }));

Deno.test("anything that is not a result of ours is refused, with force as without", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "empty"));
    await Deno.mkdir(join(folder, "photos"));
    await Deno.writeTextFile(join(folder, "photos", "wedding.jpg"), "x");
    await Deno.mkdir(join(folder, "other program"));
    await Deno.writeTextFile(join(folder, "other program", "run.json"), '{"program": "other"}');
    await Deno.mkdir(join(folder, "damaged"));
    await Deno.writeTextFile(join(folder, "damaged", "run.json"), ours.slice(0, -3));
    await Deno.mkdir(join(folder, "folder of that name"));
    await Deno.mkdir(join(folder, "folder of that name", "run.json"));
    await Deno.writeTextFile(join(folder, "file"), "x");
    const before = await fileNames(folder);
    for (const name of before) {
      for (const force of [false, true]) {
        const expected = name === "file" ? /is a file, not a folder/ : /is not a result of crystallite/;
        await assert.rejects(
          checkResultDirectory(join(folder, name), { force }),
          isHelpful(BadParameter, expected),
        );
      }
    }
    assert.deepEqual(await fileNames(folder), before);
    await checkResultDirectory(join(folder, "new"));
    assert.deepEqual(await fileNames(folder), before);
  }));

Deno.test("force does not delete what others put into a result, such as the scan itself", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    await putResult(out, "first");
    await Deno.writeTextFile(join(out, "scan.npy"), "irreplaceable");
    const refused = isHelpful(BadParameter, /holds scan\.npy, which is not part of the result/);
    await assert.rejects(checkResultDirectory(out, { force: true }), refused);
    assert.equal(await Deno.readTextFile(join(out, "scan.npy")), "irreplaceable");
    await Deno.remove(join(out, "scan.npy"));
    await Deno.mkdir(join(out, "figures"));
    await assert.rejects(checkResultDirectory(out, { force: true }), BadParameter);
    await Deno.remove(join(out, "figures"));
    // File managers leave these behind wherever they look.
    await Deno.writeTextFile(join(out, ".DS_Store"), "x");
    await Deno.writeTextFile(join(out, "Thumbs.db"), "x");
    const pending = await PendingResult.create(out, { force: true });
    await Deno.writeTextFile(join(pending.path, "run.json"), ours);
    await Deno.writeTextFile(join(out, "note.txt"), "written during the run");
    await assert.rejects(pending.commit(), BadParameter);
    await pending.discard();
    assert.equal(await Deno.readTextFile(join(out, "note.txt")), "written during the run");
    await Deno.remove(join(out, "note.txt"));
    await putResult(out, "second", true);
    assert.deepEqual(await fileNames(out), ["content", "run.json"]);
  }));

Deno.test("a missing or impossible parent folder and an empty name are refused with a remedy", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "x");
    const cases: [string, typeof FileUnavailable | typeof BadParameter, RegExp][] = [
      [join(folder, "no", "out"), FileUnavailable, /no does not exist/],
      [join(folder, "file", "out"), FileUnavailable, /file is a file, not a folder/],
      [join(folder, "file", "deeper", "out"), FileUnavailable, /does not exist/],
      ["", BadParameter, /cannot be a result directory/],
      ["/", BadParameter, /cannot be a result directory/],
    ];
    for (const [path, kind, message] of cases) {
      await assert.rejects(checkResultDirectory(path), isHelpful(kind, message), path);
    }
  }));

Deno.test({
  name: "a folder without permission to write is refused before the work begins",
  // The superuser may write everywhere.
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.chmod(folder, 0o555);
      const refused = isHelpful(FileUnavailable, /no permission to write/);
      await assert.rejects(checkResultDirectory(join(folder, "out")), refused);
      await Deno.chmod(folder, 0o755);
    }),
});

Deno.test("a target that appears during the run is not overwritten", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    const pending = await PendingResult.create(out);
    await Deno.writeTextFile(join(pending.path, "run.json"), ours);
    await makeResult(out, "of another run");
    await assert.rejects(pending.commit(), FileUnavailable);
    await pending.discard();
    assert.equal(await contentOf(out), "of another run");
    assert.deepEqual(await fileNames(folder), ["out"]);
  }));

Deno.test("a swap interrupted before the new result was in place is finished by the next run", () =>
  withFolder(async (folder) => {
    await makeResult(join(folder, ".out.old-0123abcd"), "old");
    await makeResult(join(folder, ".out.partial-0123abcd"), "new");
    const refused = isHelpful(FileUnavailable, /already holds a result/);
    await assert.rejects(checkResultDirectory(join(folder, "out")), refused);
    assert.equal(await contentOf(join(folder, "out")), "new");
    assert.deepEqual(await fileNames(folder), ["out"]);
  }));

Deno.test("a swap that lost its new result is undone by the next run", () =>
  withFolder(async (folder) => {
    await makeResult(join(folder, ".out.old-0123abcd"), "old");
    await checkResultDirectory(join(folder, "out"), { force: true });
    assert.equal(await contentOf(join(folder, "out")), "old");
    assert.deepEqual(await fileNames(folder), ["out"]);
  }));

Deno.test("an old result whose removal was interrupted is removed by the next run", () =>
  withFolder(async (folder) => {
    await makeResult(join(folder, "out"), "new");
    await Deno.mkdir(join(folder, ".out.old-0123abcd"));
    await Deno.writeTextFile(join(folder, ".out.old-0123abcd", "labels.npy"), "x");
    await checkResultDirectory(join(folder, "out"), { force: true });
    assert.equal(await contentOf(join(folder, "out")), "new");
    assert.deepEqual(await fileNames(folder), ["out"]);
  }));

const locks = "tryLockSync" in Deno.FsFile.prototype;

Deno.test({
  name: "what a killed run has left is removed by the next one, which says so; a living run keeps its folder",
  ignore: !locks || Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const out = join(folder, "out");
      const module = new URL("../../../library/results/pending_result.ts", import.meta.url);
      const script = `import { PendingResult } from ${JSON.stringify(module)};
        const { path } = await PendingResult.create(${JSON.stringify(out)});
        await Deno.writeTextFile(path + "/labels.npy", "half of it");
        console.log(path);
        await new Promise((resolve) => setTimeout(resolve, 60000));`;
      await Deno.writeTextFile(join(folder, "maker.ts"), script);
      const maker = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--quiet", join(folder, "maker.ts")],
        ...{ stdout: "piped", stderr: "inherit" },
      }).spawn();
      const reader = maker.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const left = (await reader.read()).value!.trim();
      const own = await PendingResult.create(out);
      assert.deepEqual(await checkResultDirectory(out), []);
      assert.ok((await fileNames(folder)).includes(basename(left)));
      maker.kill("SIGKILL");
      await maker.status;
      await reader.cancel();
      assert.deepEqual(await checkResultDirectory(out), [left]);
      assert.deepEqual(await fileNames(folder), [basename(own.path), "maker.ts"].sort());
      await own.discard();
    }),
});

Deno.test({
  name: "without locks, what rested for a day is removed, unless older files of the user are in it",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const { tryLockSync } = Deno.FsFile.prototype;
      // As on Deno 2.4, which has none.
      Object.defineProperty(Deno.FsFile.prototype, "tryLockSync", { value: undefined, configurable: true });
      try {
        const out = join(folder, "out"), day = 24 * 3600 * 1000;
        for (
          const [token, age, file] of [["00000001", 2, "a"], ["00000002", 0.5, "a"], [
            "00000003",
            2,
            "old/a",
          ]] as const
        ) {
          const partial = join(folder, `.out.partial-${token}`), time = new Date(Date.now() - age * day);
          await Deno.mkdir(join(partial, "old"), { recursive: true });
          await Deno.writeTextFile(join(partial, file), "x");
          for (const path of [join(partial, file), join(partial, "old"), partial]) {
            await Deno.utime(path, time, time);
          }
        }
        assert.deepEqual(await checkResultDirectory(out), [join(folder, ".out.partial-00000001")]);
        assert.deepEqual(await fileNames(folder), [".out.partial-00000002", ".out.partial-00000003"]);
      } finally {
        Object.defineProperty(Deno.FsFile.prototype, "tryLockSync", {
          ...{ value: tryLockSync, configurable: true, writable: true },
        });
      }
    }),
});

Deno.test("what fails once the result is in place says that it is", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out"), { remove } = Deno;
    await putResult(out, "first");
    const pending = await PendingResult.create(out, { force: true });
    await Deno.writeTextFile(join(pending.path, "content"), "second");
    await Deno.writeTextFile(join(pending.path, "run.json"), ours);
    try {
      Deno.remove = () => Promise.reject(new Error("Input/output error (os error 5)"));
      await assert.rejects(
        pending.commit(),
        isHelpful(FileUnavailable, /^the result is in place in .*out, but the older/),
      );
    } finally {
      Deno.remove = remove;
    }
    assert.equal(await contentOf(out), "second");
    await checkResultDirectory(out, { force: true });
    assert.deepEqual(await fileNames(folder), ["out"]);
  }));

Deno.test("mending touches nothing of other results, other runs, or what only looks similar", () =>
  withFolder(async (folder) => {
    await makeResult(join(folder, ".other.old-0123abcd"), "old");
    await makeResult(join(folder, ".out.partial-89abcdef"), "being written by another run");
    await makeResult(join(folder, ".out.old-mine"), "of the user");
    await Deno.mkdir(join(folder, "out"));
    await makeResult(join(folder, ".out.old-0123abcd"), "the only copy");
    const before = await fileNames(folder);
    await assert.rejects(checkResultDirectory(join(folder, "out"), { force: true }), BadParameter);
    assert.deepEqual(await fileNames(folder), before);
    assert.equal(await contentOf(join(folder, ".out.old-0123abcd")), "the only copy");
  }));

Deno.test({
  name: "a result behind a symbolic link is replaced where it lies, and the link stays",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      await Deno.mkdir(join(folder, "disk"));
      await putResult(join(folder, "disk", "out"), "first");
      await Deno.symlink(join(folder, "disk", "out"), join(folder, "link"));
      await putResult(join(folder, "link"), "second", true);
      assert.ok((await Deno.lstat(join(folder, "link"))).isSymlink);
      assert.equal(await contentOf(join(folder, "disk", "out")), "second");
      assert.deepEqual(await fileNames(join(folder, "disk")), ["out"]);
      await Deno.symlink(join(folder, "nowhere"), join(folder, "dangling"));
      const broken = isHelpful(BadParameter, /is a broken link/);
      await assert.rejects(checkResultDirectory(join(folder, "dangling"), { force: true }), broken);
    }),
});
