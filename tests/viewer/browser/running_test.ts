import assert from "node:assert/strict";
import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { withRelay } from "../../support/relay.ts";
import { slowness } from "../../support/slowness.ts";
import {
  clustersAre,
  commandLabels,
  countedClusters,
  mainShown,
  savedLabels,
  showAdvanced,
  showFile,
  shows,
} from "../../support/viewer_page.ts";
import {
  countLabels,
  labelsOf,
  sameNumbers,
  writeResult,
  writeScan,
  writeSlowScan,
} from "../../support/viewer_scans.ts";

const runButton = (page: Page) => page.locator(".bar").getByRole("button", { name: /^Run( again)?$/ });
const parameters = showAdvanced;
const progress = (page: Page) => page.getByRole("progressbar");

/** Waits until a run is over and its map is shown. */
async function runEnds(page: Page): Promise<void> {
  await progress(page).waitFor({ state: "detached", timeout: 30_000 * slowness() });
  await page.getByRole("button", { name: "Run again" }).first().waitFor();
}

browserTest("running", async (open, step, folder) => {
  const scan = await writeScan(folder);
  const { page, screenshot } = await open({ args: [folder], mayBeRefused: true });
  await showFile(page, scan.path);

  await step(
    "the settings that need no parameter run, and give the labels of the command line",
    async () => {
      await shows(() => page.getByLabel("Settings").inputValue(), "auto");
      await shows(() => page.locator(".panel-footer p").innerText(), /^Not clustered yet\s+About /);
      await runButton(page).click();
      await runEnds(page);
      const expected = labelsOf(await writeResult(folder, scan.path, ["--preset", "auto"], "auto"));
      await clustersAre(page, countLabels(expected));
      await screenshot("running-done");
      sameNumbers(await savedLabels(page, folder), expected);
      sameNumbers(await commandLabels(page, folder, "auto again"), expected);
    },
  );

  await step("growth with a number and a number as mask, written into the form", async () => {
    await parameters(page);
    await page.getByLabel("Settings").selectOption("none");
    await page.getByLabel("Method").selectOption("growth");
    await page.getByLabel("Similarity threshold", { exact: true }).last().selectOption("number");
    await page.getByLabel("Threshold", { exact: true }).fill("0.98");
    await page.getByLabel("Blur", { exact: true }).selectOption("number");
    await page.getByLabel("Blur in px").fill("1");
    await page.getByLabel("Part of the pattern").selectOption("outside");
    await page.getByLabel("Radius in pixels").fill("4");
    await page.getByLabel("Mask", { exact: true }).selectOption("number");
    await page.getByLabel("Mean similarity above").last().fill("0.93");
    await page.getByLabel("Minimum size in probes").fill("5");
    await page.keyboard.press("Tab");
    await shows(
      () => page.locator(".panel-footer p").innerText(),
      /^\d+ changes since the run that is shown/,
    );
    await screenshot("running-form");
    await page.keyboard.press("Control+Enter");
    await progress(page).waitFor();
    await runEnds(page);
    const words = [
      "--blur",
      "1",
      "--q-mask",
      "outside:4",
      "--threshold",
      "0.98",
      "--mask",
      "0.93",
      "--min-size",
      "5",
    ];
    const expected = labelsOf(await writeResult(folder, scan.path, words, "growth"));
    await clustersAre(page, countLabels(expected));
    sameNumbers(await savedLabels(page, folder), expected);
    sameNumbers(await commandLabels(page, folder, "growth again"), expected);
  });

  await step(
    "five fields come first, in two columns of one width, each in one line (case 18)",
    async () => {
      await page.getByRole("tab", { name: "Parameters" }).click();
      await page.getByLabel("Settings").selectOption("none");
      const folded = page.locator("details.advanced[open] > summary");
      if (await folded.count() > 0) await folded.click();
      const boxes = async (parts: string) => {
        const found = await page.locator(`fieldset.group > .field ${parts}`).filter({ visible: true })
          .all();
        return await Promise.all(found.map(async (part) => (await part.boundingBox())!));
      };
      const names = await boxes("> div:first-child"), controls = await boxes("> .inputs");
      assert.equal(names.length, 6, "the settings and five fields");
      assert.equal(new Set(controls.map(({ x }) => Math.round(x))).size, 1);
      assert.equal(new Set(controls.map(({ width }) => Math.round(width))).size, 1);
      assert.ok(names.every(({ height }) => height <= 32), JSON.stringify(names));
      const help = page.locator("fieldset.group > .field").nth(1).locator("small");
      assert.ok(await help.isHidden());
      await page.locator("fieldset.group > .field").nth(1).hover();
      await help.waitFor({ state: "visible" });
      await page.mouse.move(5, 5);
    },
  );

  await step("parameters that make no sense are marked, and the run says what is wrong", async () => {
    const count = await countedClusters(page);
    await parameters(page);
    const blur = page.getByLabel("Blur in px");
    await blur.fill("much");
    await page.keyboard.press("Tab");
    await shows(() => blur.getAttribute("aria-invalid"), "true");
    await runButton(page).click();
    const banner = page.getByRole("alert");
    await shows(() => banner.innerText(), /--blur|blur/i);
    await screenshot("running-refused");
    await banner.getByRole("button", { name: "Close" }).click();
    await banner.waitFor({ state: "detached" });
    assert.equal(await countedClusters(page), count, "the map stays");
    await page.getByRole("tab", { name: /^Clusters/ }).click();
    await clustersAre(page, count);
  });
});

/** Parameters that take a thread a few seconds with the slow scan. */
const slowWords = [
  ...["--blur", "4", "--q-mask", "outside:16", "--threshold", "0.985", "--min-size", "4", "--exact"],
  ...["--prefilter", "--prefilter-radius", "16"],
];

/** A stage that goes through the rows of the scan, begun. */
const readingRows = /^(Prefilter|Similarity)\s*· [1-9]\d* of 40/;

browserTest("a run that takes its time", (open, step, folder) =>
  withRelay(async (relay) => {
    const scan = await writeSlowScan(folder);
    const before = await writeResult(folder, scan, ["--blur", "4", "--threshold", "0.97"], "before");
    const { page, screenshot } = await open({
      ...{ args: [folder, "--workers", "1"], mayComplain: true, context: { proxy: relay.proxy } },
    });
    const stage = () => progress(page).innerText();
    const slow = writeResult(folder, scan, slowWords, "slow");
    const counted = countLabels(labelsOf(before));
    await showFile(page, before);
    await clustersAre(page, counted);
    await parameters(page);
    await page.getByLabel("Threshold", { exact: true }).fill("0.985");
    await page.getByLabel("Prefilter", { exact: true }).selectOption("on");
    await page.getByLabel("Prefilter radius in probes").fill("16");
    await page.getByLabel("Exact comparison").selectOption("on");
    await page.getByLabel("Part of the pattern").selectOption("outside");
    await page.getByLabel("Radius in pixels", { exact: true }).fill("16");
    await page.keyboard.press("Tab");

    await step("shows how far it is, and Cancel brings the map before back (case 13)", async () => {
      await runButton(page).click();
      // Before the first rows there are neither clusters nor a count of any.
      await page.getByText("Clusters grow here once rows have been compared.").waitFor();
      assert.equal(await page.locator(".evidence-summary b").count(), 0);
      await shows(stage, readingRows, 30_000);
      assert.match(await progress(page).getAttribute("aria-valuenow") ?? "", /^[1-9]\d*$/);
      await screenshot("running-progress");
      assert.ok(await page.locator("button.file").isDisabled());
      await page.locator(".progress").getByRole("button", { name: "Cancel" }).click();
      await progress(page).waitFor({ state: "detached" });
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      await clustersAre(page, counted);
      sameNumbers(await savedLabels(page, folder), labelsOf(before));
    });

    await step(
      "a lost connection is taken up again, and the labels are right in the end",
      async () => {
        await parameters(page);
        await runButton(page).click();
        await shows(stage, /^(Prefilter( check)?|Similarity)\s*·/, 30_000);
        relay.cut();
        const banner = page.getByRole("alert");
        await shows(
          () => banner.innerText(),
          /^The local server stopped answering\. .* Trying again in \d s\./,
        );
        await screenshot("running-offline");
        relay.mend();
        await banner.getByRole("button", { name: "Try now" }).click();
        await banner.waitFor({ state: "detached" });
        await runEnds(page);
        const expected = labelsOf(await slow);
        await clustersAre(page, countLabels(expected));
        sameNumbers(await savedLabels(page, folder), expected);
        assert.notEqual(countLabels(expected), counted);
      },
    );

    await step("a reload during a run shows the run, and the map grows", async () => {
      await parameters(page);
      await runButton(page).click();
      await shows(stage, /^(Prefilter( check)?|Similarity)\s*·/, 30_000);
      await page.reload();
      await mainShown(page);
      await shows(stage, readingRows, 30_000);
      const soFar = new Set<string>();
      while (await progress(page).isVisible()) {
        const text = await page.locator(".evidence-summary").first().innerText({ timeout: 500 }).catch(() =>
          ""
        );
        if (/so far/.test(text)) soFar.add(text);
        await page.waitForTimeout(20);
      }
      await runEnds(page);
      assert.ok(soFar.size >= 2, `the count grows: ${[...soFar]}`);
      await clustersAre(page, countLabels(labelsOf(await slow)));
    });
  }));
