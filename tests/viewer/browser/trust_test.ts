/** What the page says is what the files say: addresses, numbers of clusters, bad pixels, lost scans, digits. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import type { Page } from "../../support/playwright.ts";
import {
  clickProbe,
  clustersAre,
  mainShown,
  pointAt,
  readout,
  savedLabels,
  saveKinds,
  selectedOptions,
  showFile,
  shows,
} from "../../support/viewer_page.ts";
import {
  countLabels,
  growthWords,
  patternAt,
  patternSide,
  scanColumns,
  scanRows,
  sumOf,
  writeResult,
  writeScan,
} from "../../support/viewer_scans.ts";

/** Shows the clusters at a threshold, and the Export panel again. */
async function showThreshold(page: Page, threshold: string): Promise<void> {
  await page.getByRole("tab", { name: /^Clusters/ }).click();
  const field = page.getByRole("textbox", { name: "Similarity threshold" });
  await field.fill(threshold);
  await field.press("Enter");
  await page.getByRole("tab", { name: "Export" }).click();
}

const plain = (text: string) => text.replaceAll("\u202f", "");

browserTest("the page says what the files say", async (open, step, folder) => {
  const words = [...growthWords, "--pixel-size", "2 nm"];
  const { page, origin, scan, result, count } = await openFilm(open, folder, {
    words,
    mayBeRefused: true,
  });

  await step(
    "a result that was made with flags about reading opens by its address and among recent (case 1)",
    async () => {
      await page.reload();
      await mainShown(page);
      await clustersAre(page, count);
      // As pages wrote it before.
      await showFile(page, result, { input: JSON.stringify(["--pixel-size", "2 nm"]) });
      await clustersAre(page, count);
      await page.goto(origin);
      await page.locator(".places ul").first().getByRole("button").first().click();
      await mainShown(page);
    },
  );

  await step("a cluster has one number, that of labels and table, at any threshold (case 6)", async () => {
    for (const threshold of ["0.985", "0.97", "0.992"]) {
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      const field = page.getByRole("textbox", { name: "Similarity threshold" });
      await field.fill(threshold);
      await field.press("Enter");
      const saved = await savedLabels(page, folder), id = saved[7 * scanColumns + 38];
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      await clustersAre(page, countLabels(saved));
      await clickProbe(page, 7, 38);
      await shows(() => readout(page), new RegExp(`; Cluster ${id};`));
      await shows(() => selectedOptions(page).innerText(), new RegExp(`^Cluster ${id}\\b`));
      await shows(
        () => page.getByLabel("What the upper picture shows").locator("option").first().innerText(),
        `Cluster ${id} average`,
      );
    }
  });

  await step("what is no number stays in its field and is said (case 4)", async () => {
    const field = page.getByRole("textbox", { name: "Similarity threshold" });
    await field.fill("much");
    await field.press("Enter");
    await shows(() => field.getAttribute("aria-invalid"), "true");
    await shows(() => page.locator(".notice").innerText(), /“much” is not a number/);
    assert.equal(await field.inputValue(), "much");
    await field.press("Escape");
    await shows(() => field.inputValue(), "0.992");
    await field.fill("0,985");
    await field.press("Enter");
    await shows(() => field.inputValue(), "0.985");
  });

  await step("bad pixels are marked, and sums take them repaired or as recorded (case 9)", async () => {
    const bad = new Set<number>(JSON.parse(
      JSON.stringify(JSON.parse(Deno.readTextFileSync(join(result, "run.json"))).badPixels.filled),
    ));
    assert.ok(bad.size > 0);
    const [first] = bad, row = Math.floor(first / patternSide), column = first % patternSide;
    let largest = 0;
    for (let probe = 0; probe < scanRows * scanColumns; probe++) {
      largest = Math.max(largest, scan.data[probe * patternSide ** 2 + first]);
    }
    await page.getByLabel("What the upper picture shows").selectOption("maximum");
    await shows(() => page.locator("figure").first().locator("p").count(), 0);
    const { x, y } = await pointAt(page, row, column, "upper-pattern");
    await page.mouse.move(x, y);
    await shows(() => readout(page, ".reciprocal"), /bad pixel/);
    const counts = async () => Number(/([\d.]+) counts/.exec(plain(await readout(page, ".reciprocal")))![1]);
    assert.ok(await counts() < largest);
    await shows(() => page.locator("figcaption").first().innerText(), /bad pixels repaired/);
    await page.getByRole("button", { name: "Colours and contrast" }).click();
    await page.getByLabel("Repair them in mean, maximum and virtual image").uncheck();
    await page.keyboard.press("Escape");
    await shows(() => page.locator("figcaption").first().innerText(), /as recorded/);
    await page.mouse.move(x + 1, y);
    await shows(counts, largest);
  });

  await step(
    "a result without its scan says what is missing, and takes it from elsewhere (case 8)",
    async () => {
      const moved = join(folder, "moved");
      await Deno.mkdir(moved);
      await Deno.rename(scan.path, join(moved, "film.npy"));
      const lone = join(folder, "lone");
      await Deno.rename(result, lone);
      await showFile(page, lone);
      await page.getByRole("tab", { name: "Export" }).click();
      await page.getByRole("heading", { name: "Without its scan" }).waitFor();
      const patternsOfProbes = page.getByRole("button", { name: /^Download Probe/ });
      assert.equal(await patternsOfProbes.count(), 0);
      // Its own averages lie in it; those of other clusters would have to be worked out.
      const save = page.getByRole("button", { name: /^Save \d/ });
      await shows(() => save.innerText(), "Save 3 files");
      const [averages] = await saveKinds(page, moved, ["averages"]);
      assert.deepEqual(Deno.readFileSync(averages), Deno.readFileSync(join(lone, "averages.npy")));
      for (const kind of ["picture", "table"]) await page.locator(`#export-${kind}`).check();
      await showThreshold(page, "0.97");
      await shows(() => save.innerText(), "Save 2 files");
      assert.ok(
        await page.getByRole("button", { name: "Download: averaged patterns", exact: true }).isDisabled(),
      );
      await page.getByLabel("Path of the scan").fill(join(moved, "nothing.npy"));
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      await page.getByLabel("Path of the scan").fill(join(moved, "film.npy"));
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Without its scan" }).waitFor({ state: "detached" });
      await shows(() => page.getByRole("button", { name: /^Save \d/ }).innerText(), "Save 3 files");
      assert.equal(await patternsOfProbes.count(), 4);
      await page.reload();
      await mainShown(page);
      await clickProbe(page, 7, 38);
      const sum = sumOf(patternAt(scan, 7, 38));
      await shows(
        async () => plain(await page.locator("figcaption").nth(1).innerText()),
        (text) => text.includes(`${sum} counts`),
      );
    },
  );
});

browserTest("numbers that are none, and digits close to 1 (case 10)", async (open, _step, folder) => {
  const scan = await writeScan(folder), data = Float32Array.from(scan.data);
  data[5 * patternSide ** 2 + 40] = NaN;
  const path = join(folder, "holes.npy");
  await Deno.writeFile(path, encodeNpy("f32", [scanRows, scanColumns, patternSide, patternSide], data));
  const words = ["--prefilter", "--blur", "4", "--threshold", "0.99"];
  const result = await writeResult(folder, scan.path, words);
  const { page } = await open({ args: [folder], mayBeRefused: true, mayComplain: true });
  await showFile(page, path, { probe: "0,5" });
  await shows(() => page.locator("figcaption").nth(1).innerText(), /not a number/);
  await showFile(page, result);
  const [table] = await saveKinds(page, folder, ["table"]);
  await page.getByRole("tab", { name: /^Clusters/ }).click();
  const lines = Deno.readTextFileSync(table).trim().split("\n").map((line) => line.split(","));
  const values = new Set(lines.slice(1).map((line) => Number(line[lines[0].indexOf("mean_similarity")])));
  const shown = await page.locator(".row > span:last-child").allInnerTexts();
  const close = [...values].filter((value) => value > 0.99);
  assert.ok(close.length > 1, "similarities close to 1");
  assert.ok(new Set(shown).size > 1 && shown.every((text) => Number(text) < 1), shown.join());
});
