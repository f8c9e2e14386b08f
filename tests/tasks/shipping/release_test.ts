/** The scripts of a release, and the workflows that call them. */

import assert from "node:assert/strict";
import { releaseNotes, versionOfTag } from "../../../tasks/shipping/release_notes.ts";

const root = new URL("../../../", import.meta.url);

Deno.test("the notes of a release are its section of the changelog; without a date it is none", () => {
  const changelog = "# Changelog\n\nWords.\n\n## 1.1.0 – not released yet\n\n### Added\n\n- later\n\n" +
    "## 1.0.0 – 2026-01-02\n\n### Added\n\n- a thing\n\n## 0.9.0 – 2025-01-01\n\n- older\n";
  assert.equal(releaseNotes(changelog, "1.0.0"), "### Added\n\n- a thing\n");
  assert.equal(releaseNotes(changelog, "0.9.0"), "- older\n");
  assert.throws(() => releaseNotes(changelog, "1.1.0"), /no date for 1\.1\.0/);
  assert.throws(() => releaseNotes(changelog, "1.0"), /no section for 1\.0/);
  assert.equal(versionOfTag("v1.0.0", "1.0.0"), "1.0.0");
  assert.throws(() => versionOfTag("v1.0.1", "1.0.0"), /tag is v1\.0\.1/);
});

Deno.test("the changelog has the section that the next release takes", () => {
  const { version } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const changelog = Deno.readTextFileSync(new URL("CHANGELOG.md", root));
  const released = changelog.replace(`## ${version} – not released yet`, `## ${version} – 2026-01-01`);
  assert.ok(releaseNotes(released, version).length > 100);
});

Deno.test("workflows run tasks and files that exist, with the Deno that is tested", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const tested = /deno@([\d.]+)/.exec(Deno.readTextFileSync(new URL(".ci/run", root)))![1];
  for (const name of ["test.yml", "release.yml"]) {
    const text = Deno.readTextFileSync(new URL(`.github/workflows/${name}`, root));
    for (const [, task] of text.matchAll(/deno task ([\w:]+)/g)) assert.ok(task in tasks, task);
    for (const [file] of text.matchAll(/(?:tasks\/|\.ci\/)[\w/]+(?:\.ts)?/g)) {
      assert.ok(Deno.statSync(new URL(file, root)).isFile, file);
    }
    for (const [, version] of text.matchAll(/deno-version: (\S+)/g)) assert.equal(version, tested);
  }
});
