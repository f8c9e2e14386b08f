/** Several scans on the page: looked at in time, and run frame by frame. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { browserTest } from "../../support/browser.ts";
import { crystalliteJson } from "../../support/command_line.ts";
import { frameSide, movingWindow, patternSide, writeFrames } from "../../support/moving_series.ts";
import { frameIs, keepsRules, slider, time, window } from "../../support/series_page.ts";
import { slowness } from "../../support/slowness.ts";
import { showFile, shows } from "../../support/viewer_page.ts";

browserTest("several scans", async (open, step, folder) => {
  const scans = join(folder, "scans"), { frames } = movingWindow();
  Deno.mkdirSync(scans);
  const shape = [frameSide, frameSide, patternSide, patternSide];
  frames.slice(0, 3).forEach((frame, index) =>
    Deno.writeFileSync(join(scans, `scan ${index}.npy`), encodeNpy("u16", shape, frame))
  );
  const damaged = join(scans, "scan 1.npy");
  Deno.writeFileSync(damaged, Deno.readFileSync(damaged).subarray(0, 5000));
  const { page, screenshot } = await open({ args: [folder], context: window, mayBeRefused: true });

  await step(
    "a folder of scans opens in time, and says which of them cannot be read (case 11)",
    async () => {
      await showFile(page, scans);
      await frameIs(page, 0);
      await slider(page).press("ArrowRight");
      await shows(() => time(page), /failed/);
      await slider(page).press("ArrowRight");
      await frameIs(page, 2);
      await shows(() => page.locator(".bar .file b").innerText(), "scans");
    },
  );

  await step(
    "all frames run, what fails is told, frames are results as they come, and the series opens",
    async () => {
      await page.getByRole("tab", { name: "Parameters" }).click();
      const panel = page.getByRole("group", { name: "All frames" });
      await panel.getByRole("button", { name: "Run all frames" }).click();
      await panel.getByRole("progressbar").waitFor();
      // The frame that is shown is its result as soon as it is done.
      await shows(() => page.getByRole("tab", { name: /^Clusters/ }).innerText(), /^Clusters \d/, 20_000);
      const made = panel.getByRole("button", { name: "Open the series" });
      await made.waitFor({ timeout: 20_000 * slowness() });
      await shows(() => panel.innerText(), /3 frames, 2 done, 1 failed[\s\S]*Frame 1 failed: /);
      await keepsRules(page);
      await screenshot("series-run");
      await made.click();
      await shows(() => page.getByLabel("Maps of").inputValue(), "tracks");
      const ours = join(folder, "ours");
      await crystalliteJson("series", scans, "--out", ours, "--preset", "auto");
      for (const name of ["tracks.npy", "tracks.csv", "events.csv", "drift.csv"]) {
        const path = join(folder, "scans-series", name);
        assert.deepEqual(Deno.readFileSync(path), Deno.readFileSync(join(ours, name)), name);
      }
    },
  );

  await step("a run that is cancelled keeps the frames that are done", async () => {
    const five = join(folder, "five.npy");
    writeFrames(five, frames);
    await showFile(page, five);
    await frameIs(page, 0);
    await page.getByRole("tab", { name: "Parameters" }).click();
    const panel = page.getByRole("group", { name: "All frames" });
    await panel.getByRole("button", { name: "Run all frames" }).click();
    await shows(() => panel.innerText(), /, [1-3] done/, 20_000);
    await panel.getByRole("button", { name: "Cancel all frames" }).click();
    await panel.getByRole("button", { name: "Run all frames" }).waitFor({ timeout: 15_000 * slowness() });
    const kept = Array.from(Deno.readDirSync(join(folder, "five-series", "frames")))
      .filter(({ name }) => !name.startsWith("."));
    assert.ok(kept.length >= 1 && kept.length < 4, `${kept.length} frames`);
    // Run again, they are not done again.
    const record = join(folder, "five-series", "frames", "0000", "run.json"),
      before = Deno.statSync(record);
    await panel.getByRole("button", { name: "Run all frames" }).click();
    await panel.getByRole("button", { name: "Open the series" }).waitFor({ timeout: 30_000 * slowness() });
    assert.deepEqual(Deno.statSync(record).mtime, before.mtime);
  });
});
