/** Slow answers: no picture is ever shown under the caption of another. */

import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import {
  clickProbe,
  clustersAre,
  holdBack,
  mainShown,
  pictureOf,
  savedLabels,
  showFile,
  shows,
} from "../../support/viewer_page.ts";
import {
  countLabels,
  labelsOf,
  patternAt,
  scanColumns,
  sumOf,
  writeResult,
  writeScan,
} from "../../support/viewer_scans.ts";

browserTest("slow answers", async (open, step, folder) => {
  const scan = await writeScan(folder), result = await writeResult(folder, scan.path);
  const { page } = await open({
    args: [folder],
    mayComplain: true,
    context: { viewport: { width: 1440, height: 900 } },
  });
  const upper = page.locator("figure").first(), probe = page.locator("figure").nth(1);
  const choice = page.getByLabel("What the upper picture shows");
  const picture = async () => await pictureOf(page, (await page.locator("#upper-pattern").boundingBox())!);
  await showFile(page, result);
  await clustersAre(page, countLabels(labelsOf(result)));

  await step(
    "another average is a placeholder from the first moment, not the one before (case 3)",
    async () => {
      await clickProbe(page, 7, 38);
      await shows(() => upper.locator("p").count(), 0);
      const before = await picture(), held = await holdBack(page, /\/averages/);
      await clickProbe(page, 34, 9);
      await shows(() => upper.locator("p").innerText(), "Averaging…", 400);
      assert.notEqual(await picture(), before);
      await held.letGo();
      await shows(() => upper.locator("p").count(), 0);
    },
  );

  await step("so is the mean of the scan, and a cluster that is there already comes at once", async () => {
    const average = await picture(), held = await holdBack(page, /\/whole/);
    await choice.selectOption("mean");
    await shows(() => upper.locator("p").innerText(), "Reading the whole scan…", 400);
    await choice.selectOption("cluster");
    await shows(picture, average);
    await choice.selectOption("mean");
    await held.letGo();
    await shows(() => upper.locator("p").count(), 0);
    await choice.selectOption("cluster");
  });

  await step(
    "the caption of a probe's pattern is that of the picture until the next has come",
    async () => {
      await clickProbe(page, 7, 38);
      const [here, there] = [sumOf(patternAt(scan, 7, 38)), sumOf(patternAt(scan, 20, 20))];
      const counts = (sum: number) =>
        new RegExp(`${String(sum).replace(/(\d)(?=(\d{3})+$)/g, "$1.")} counts`);
      await shows(() => probe.locator("figcaption").innerText(), counts(here));
      const held = await holdBack(page, /\/pattern/);
      await clickProbe(page, 20, 20);
      await shows(
        () => probe.locator("figcaption").innerText(),
        (text) => /^Probe \(7, 38\)/.test(text) && /\(20, 20\) follows/.test(text),
        400,
      );
      await held.letGo();
      await shows(
        () => probe.locator("figcaption").innerText(),
        (text) => /^Probe \(20, 20\)/.test(text) && counts(there).test(text),
      );
    },
  );

  await step("the words under a virtual image are about the image that is shown (case 3)", async () => {
    const legend = page.locator(".real .legend.values");
    await page.getByRole("radio", { name: "Virtual detector: disk" }).click();
    await shows(() => legend.innerText(), /\d px(?![^]*updating)/);
    const held = await holdBack(page, /\/virtual/), before = await legend.innerText();
    await page.locator("#probe-pattern").focus();
    for (let times = 0; times < 4; times++) await page.keyboard.press("+");
    await shows(
      () => legend.innerText(),
      (text) => text.includes("updating") && text.includes(/[\d.]+ px/.exec(before)![0]),
      400,
    );
    await held.letGo();
    await shows(() => legend.innerText(), (text) => !text.includes("updating") && text !== before);
  });

  await step("after a lost connection everything is asked for again (case 3)", async () => {
    await page.getByRole("radio", { name: "No detector: read values" }).click();
    await choice.selectOption("cluster");
    await page.context().setOffline(true);
    await clickProbe(page, 34, 30);
    const banner = page.getByRole("alert");
    await shows(() => banner.innerText(), /The local server stopped answering/);
    await shows(() => upper.locator("p").innerText(), "Averaging…");
    await page.context().setOffline(false);
    await banner.getByRole("button", { name: "Try now" }).click();
    await banner.waitFor({ state: "detached" });
    await shows(() => upper.locator("p").count(), 0);
    await shows(() => probe.locator("figcaption").innerText(), /^Probe \(34, 30\)/);
  });

  await step("files that are saved while a correction is being tried have it", async () => {
    const labels = labelsOf(result), held = await holdBack(page, /\/forest/);
    await page.reload();
    await mainShown(page);
    await clickProbe(page, 7, 38);
    // It needs the forest, which does not come.
    await page.locator("#map").focus();
    await page.keyboard.press("x");
    const saving = savedLabels(page, folder);
    saving.catch(() => {});
    await shows(() => page.locator(".panel-footer").innerText(), /Saving…/);
    await page.waitForTimeout(500);
    await held.letGo();
    const own = labels[7 * scanColumns + 38];
    assert.equal(
      (await saving).filter((_, probe) => labels[probe] === own).filter((label) => label >= 0).length,
      0,
    );
  });
});
