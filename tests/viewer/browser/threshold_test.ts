import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import {
  clustersAre,
  countedClusters,
  dragMouse,
  readout,
  savedLabels,
  shows,
} from "../../support/viewer_page.ts";
import { countLabels, growthWords, labelsOf, sameNumbers, writeResult } from "../../support/viewer_scans.ts";

const withoutThreshold = growthWords.slice(0, growthWords.indexOf("--threshold"));

browserTest("threshold and minimum size", async (open, step, folder) => {
  const { page, scan, screenshot } = await openFilm(open, folder);
  const handle = page.getByRole("slider", { name: "Similarity threshold" });
  const field = page.getByRole("textbox", { name: "Similarity threshold" });
  const sizeHandle = page.getByRole("slider", { name: "Minimum cluster size" });
  const sizeField = page.getByRole("textbox", { name: "Minimum cluster size in probes" });
  /** What the command line gives at a threshold. */
  const commandLabels = async (threshold: string, minimumSize = "4") => {
    const words = [...withoutThreshold, "--threshold", threshold, "--min-size", minimumSize];
    return labelsOf(await writeResult(folder, scan.path, words, `at ${threshold} ${minimumSize}`));
  };
  const type = async (threshold: string) => {
    await field.fill(threshold);
    await field.press("Enter");
    await shows(() => handle.getAttribute("aria-valuenow"), String(Number(threshold)));
  };

  await step(
    "the handle follows the mouse, and the map, the counts and the address follow it",
    async () => {
      const box = (await handle.locator(".hit").boundingBox())!;
      const at = { x: box.x + box.width / 2, y: box.y + 40 };
      await page.mouse.move(at.x, at.y);
      await page.mouse.down();
      const counts = new Set<number>();
      for (let moved = 0; moved <= 100; moved += 10) {
        await page.mouse.move(at.x + moved, at.y);
        await page.waitForTimeout(20);
        counts.add(await countedClusters(page));
      }
      assert.ok(counts.size >= 3, `the counts follow before the release: ${[...counts]}`);
      await page.mouse.up();
      const dragged = await field.inputValue();
      assert.ok(Number(dragged) > 0.985, dragged);
      await page.waitForURL(new RegExp(`source=threshold&T=${Number(dragged)}&min=4`));
      const expected = await commandLabels(dragged);
      await clustersAre(page, countLabels(expected));
      await shows(
        () => handle.getAttribute("aria-valuetext"),
        `${dragged}, ${countLabels(expected)} clusters`,
      );
      sameNumbers(await savedLabels(page, folder), expected);
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      await screenshot("threshold-dragged");
    },
  );

  await step("arrow keys step the handle, which keeps the focus", async () => {
    await handle.focus();
    const before = Number(await handle.getAttribute("aria-valuenow"));
    for (let times = 0; times < 5; times++) await page.keyboard.press("ArrowLeft");
    await shows(async () => Number(await handle.getAttribute("aria-valuenow")), (now) => now < before);
    await page.keyboard.press("PageUp");
    await shows(async () => Number(await handle.getAttribute("aria-valuenow")), (now) => now > before);
    assert.ok(await handle.evaluate((own) => own === document.activeElement));
    await page.locator("#map").focus();
    const stepped = Number(await handle.getAttribute("aria-valuenow"));
    await page.keyboard.press("[");
    await shows(async () => Number(await handle.getAttribute("aria-valuenow")), (now) => now < stepped);
  });

  for (const threshold of ["0.930", "0.965", "0.990", "0.995"]) {
    await step(`at ${threshold} the page has the clusters of the command line`, async () => {
      const expected = await commandLabels(threshold);
      await type(threshold);
      await clustersAre(page, countLabels(expected));
      sameNumbers(await savedLabels(page, folder), expected);
      await page.getByRole("tab", { name: /^Clusters/ }).click();
    });
  }

  await step("text that is no number changes nothing, and stays until Escape gives it up", async () => {
    await field.fill("much");
    await field.press("Enter");
    await shows(() => field.getAttribute("aria-invalid"), "true");
    assert.equal(await handle.getAttribute("aria-valuenow"), "0.995");
    await field.press("Escape");
    await shows(() => field.inputValue(), "0.995");
    await field.fill("7");
    await field.press("Enter");
    await shows(async () => Number(await field.inputValue()), (value) => value < 1 && value > 0.995);
  });

  await step("the minimum size does the same, by number, by key and by mouse", async () => {
    await type("0.985");
    for (const minimumSize of ["1", "30"]) {
      await sizeField.fill(minimumSize);
      await sizeField.press("Enter");
      const expected = await commandLabels("0.985", minimumSize);
      await clustersAre(page, countLabels(expected));
      sameNumbers(await savedLabels(page, folder), expected);
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      const left = expected.filter((label) => label < 0).length;
      const shown = page.locator(".left-out");
      await shows(async () => Number((await shown.innerText()).replace(/\D/g, "")), left);
    }
    await sizeHandle.focus();
    await page.keyboard.press("ArrowRight");
    await shows(() => sizeField.inputValue(), "31");
    await page.locator("#map").focus();
    await page.keyboard.press("{");
    await page.keyboard.press("{");
    await shows(() => sizeField.inputValue(), "29");
    const box = (await sizeHandle.locator(".hit").boundingBox())!;
    const y = box.y + 30;
    await dragMouse(page, [{ x: box.x + 12, y }, { x: box.x - 30, y }]);
    await shows(async () => Number(await sizeField.inputValue()), (size) => size < 29 && size >= 4);
  });

  await step("the stable range is offered, and T goes there (case 7)", async () => {
    const link = page.getByRole("button", { name: /^Stable near/ });
    let stable = "";
    const offersTheSame = async () => {
      const before = stable;
      await type("0.930");
      const named = (await link.innerText()).replace("Stable near ", "");
      await link.click();
      stable = await field.inputValue();
      return stable === before && stable === named;
    };
    // What speaks for a threshold at the new minimum size may still be on its way.
    await shows(offersTheSame, true);
    await link.waitFor({ state: "detached" });
    await type("0.950");
    await page.locator("#map").focus();
    await page.keyboard.press("t");
    await shows(() => field.inputValue(), stable);
  });

  await step("what is too small is said under the pointer", async () => {
    const expected = await commandLabels("0.985", "4"), left = expected.indexOf(-1);
    await type("0.985");
    await sizeField.fill("4");
    await sizeField.press("Enter");
    await page.locator("#map").focus();
    await clustersAre(page, countLabels(expected));
    await page.keyboard.press("Shift+ArrowUp");
    for (let times = 0; times < 5; times++) await page.keyboard.press("Shift+ArrowUp");
    for (let times = 0; times < 5; times++) await page.keyboard.press("Shift+ArrowLeft");
    for (let row = 0; row < Math.floor(left / 48); row++) await page.keyboard.press("ArrowDown");
    for (let column = 0; column < left % 48; column++) await page.keyboard.press("ArrowRight");
    await page.mouse.move(5, 5);
    await shows(
      () => readout(page),
      new RegExp(`^row ${Math.floor(left / 48)} column ${left % 48}; below minimum size`),
    );
  });
});

browserTest(
  "a result by regions can be compared with thresholds",
  async (open, step, folder) => {
    const { page, labels, count } = await openFilm(open, folder, { words: ["--preset", "auto"] });
    const field = page.getByRole("textbox", { name: "Similarity threshold" });
    await step("regions are shown as they were found (case 17)", async () => {
      await clustersAre(page, count);
      await shows(() => field.inputValue(), "—");
      assert.equal(await page.getByRole("slider", { name: "Similarity threshold" }).count(), 0);
      await page.getByRole("button", { name: "By threshold…" }).waitFor();
      sameNumbers(await savedLabels(page, folder), labels);
    });
    await step("a threshold shows the forest, Back to regions the regions", async () => {
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      await field.fill("0.9");
      await field.press("Enter");
      await shows(() => countedClusters(page), (shown) => shown !== count);
      await page.getByRole("button", { name: "Back to regions" }).click();
      await clustersAre(page, count);
      sameNumbers(await savedLabels(page, folder), labels);
    });
  },
);
