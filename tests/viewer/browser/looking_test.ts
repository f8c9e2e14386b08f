import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import {
  clickProbe,
  clustersAre,
  colourAt,
  countsIn,
  dragMouse,
  nearly,
  pictureOf,
  pointAt,
  readout,
  selectedOptions,
  showFile,
  shows,
} from "../../support/viewer_page.ts";
import {
  countLabels,
  labelsOf,
  patternAt,
  scanColumns,
  sumOf,
  tableOf,
  writeResult,
  writeScan,
} from "../../support/viewer_scans.ts";

const window = { viewport: { width: 1440, height: 900 }, colorScheme: "dark" } as const;
const wholeNumber = (text: string) => Number(text.replace(/\D/g, ""));

browserTest("looking at a result", async (open, step, folder) => {
  const scan = await writeScan(folder);
  const result = await writeResult(folder, scan.path);
  const labels = labelsOf(result), table = tableOf(result);
  const { page, screenshot } = await open({ args: [folder], context: window });
  const selected = selectedOptions(page), map = page.locator("#map");
  const upper = page.locator("figcaption").first(), lower = page.locator("figcaption").last();
  const probeCounts = async () => wholeNumber(await lower.locator("span").last().innerText());
  /** Value of each pattern at a detector pixel. */
  const valuesAt = (row: number, column: number, probes: number[]) =>
    probes.map((probe) => scan.data[probe * 1024 + row * 32 + column]);
  /** The cluster of the result at a probe. */
  const numberAt = (row: number, column: number) => labels[row * scanColumns + column];
  const sizeAt = (row: number, column: number) => table[labels[row * scanColumns + column]].size;
  const pressed = (name: string) =>
    page.getByRole("radio", { name, exact: true }).getAttribute("aria-checked");

  await showFile(page, result);
  await clustersAre(page, countLabels(labels));

  await step("a click selects the cluster and shows its average and the pattern of the probe", async () => {
    await clickProbe(page, 7, 38);
    const number = numberAt(7, 38);
    await shows(() => selected.innerText(), new RegExp(`^Cluster ${number}\\b`));
    await shows(() => lower.innerText(), /^Probe \(7, 38\)/);
    await shows(probeCounts, sumOf(patternAt(scan, 7, 38)));
    await shows(
      () => upper.locator("span").last().innerText(),
      new RegExp(`^of ${sizeAt(7, 38)} patterns$`),
    );
    const choice = page.getByLabel("What the upper picture shows").locator("option:checked");
    await shows(() => choice.innerText(), `Cluster ${number} average`);
    await page.locator(".picture p").first().waitFor({ state: "detached" });
    await screenshot("looking-selected");
  });

  await step("the read-out of the average is the mean of its patterns", async () => {
    const probes = Array.from(labels.keys()).filter((probe) =>
      labels[probe] === labels[7 * scanColumns + 38]
    );
    const { x, y } = await pointAt(page, 16, 16, "upper-pattern");
    await page.mouse.move(x, y);
    const mean = sumOf(valuesAt(16, 16, probes)) / probes.length;
    await shows(() => readout(page, ".reciprocal"), nearly(mean));
  });

  await step("the read-out of the probe's pattern is what the file holds", async () => {
    const pattern = patternAt(scan, 7, 38), brightest = pattern.indexOf(Math.max(...pattern));
    const { x, y } = await pointAt(page, Math.floor(brightest / 32), brightest % 32, "probe-pattern");
    await page.mouse.move(x, y);
    await shows(() => readout(page, ".reciprocal"), (text) => countsIn(text) === pattern[brightest]);
  });

  await step("Shift-click adds a cluster to the selection and takes it out again", async () => {
    await clickProbe(page, 34, 9, "Shift");
    await shows(() => selected.count(), 2);
    const probes = sizeAt(7, 38) + sizeAt(34, 9);
    const facts = page.locator(".list-actions p");
    await shows(() => facts.innerText(), new RegExp(`^2 clusters · ${probes} probes`));
    await clickProbe(page, 34, 9, "Shift");
    await shows(() => selected.count(), 1);
  });

  await step("the pointer reads position, cluster and similarity", async () => {
    const { x, y } = await pointAt(page, 27, 42);
    await page.mouse.move(x, y);
    const expected = new RegExp(
      `^row 27 column 42; Cluster ${numberAt(27, 42)}; similarity [01]\\.\\d{3,}$`,
    );
    await shows(() => readout(page), expected);
    await page.mouse.move(5, 5);
    await shows(() => readout(page), /^row 7 column 38/);
  });

  await step("arrow keys move the probe, Enter selects its cluster, Escape none", async () => {
    await map.focus();
    for (const key of ["ArrowDown", "ArrowLeft", "Shift+ArrowDown"]) await page.keyboard.press(key);
    await shows(() => readout(page), /^row 18 column 37\D/);
    await shows(() => map.getAttribute("aria-label"), /probe at row 18, column 37\./);
    for (let times = 0; times < 4; times++) await page.keyboard.press("Shift+ArrowLeft");
    await shows(() => readout(page), /^row 18 column 0\D/);
    await page.keyboard.press("Enter");
    const number = numberAt(18, 0), size = sizeAt(18, 0);
    await shows(() => selected.innerText(), new RegExp(`^Cluster ${number}\\b`));
    await shows(
      () => page.locator(".unseen[role=status]").textContent(),
      new RegExp(`^Cluster ${number}, ${size} probes, similarity 0\\.\\d+`),
    );
    await page.keyboard.press("Escape");
    await shows(() => selected.count(), 0);
  });

  await step("dragging in real space takes the probe along", async () => {
    await dragMouse(page, [await pointAt(page, 5, 5), await pointAt(page, 30, 20)]);
    await shows(() => lower.innerText(), /^Probe \(30, 20\)/);
    await shows(probeCounts, sumOf(patternAt(scan, 30, 20)));
  });

  await step("the wheel zooms about the pointer, H moves the picture, 0 shows all", async () => {
    const scale = async () => Number(await map.getAttribute("data-scale")), before = await scale();
    const { x, y } = await pointAt(page, 27, 42);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -600);
    await shows(scale, (now) => now > 1.5 * before);
    await shows(() => readout(page), /^row 27 column 42\D/);
    const after = await pointAt(page, 27, 42);
    assert.ok(Math.hypot(after.x - x, after.y - y) < 0.7 * await scale(), JSON.stringify({ after, x, y }));
    await page.keyboard.press("h");
    await dragMouse(page, [{ x, y }, { x: x - 60, y: y - 40 }]);
    await shows(async () => {
      const moved = await pointAt(page, 27, 42);
      return Math.hypot(moved.x - after.x + 60, moved.y - after.y + 40);
    }, (apart) => apart < 2);
    await page.keyboard.press("v");
    await page.keyboard.press("0");
    await shows(scale, before);
  });

  await step("keys 1 to 4 choose the view", async () => {
    const views = ["Clusters", "Similarity", "Virtual image", "Mask"];
    const seen = new Set<string>();
    for (const key of [4, 3, 2, 1]) {
      await page.keyboard.press(String(key));
      await shows(() => pressed(views[key - 1]), "true");
      if (key === 3) await page.locator(".real .colour-bar").getByText("counts").waitFor();
      await page.waitForTimeout(150);
      seen.add(await colourAt(page, 7, 11));
      await screenshot(`looking-view-${key}`);
    }
    assert.equal(seen.size, 4, `the pictures differ: ${[...seen]}`);
  });

  await step("O draws outlines of all clusters", async () => {
    const box = (await map.boundingBox())!, toggle = page.getByRole("checkbox", { name: "Outlines" });
    const picture = () => pictureOf(page, box);
    await map.blur();
    await page.mouse.move(5, 5);
    const plain = await picture();
    await page.keyboard.press("o");
    await shows(() => toggle.isChecked(), true);
    await shows(picture, (now) => now !== plain);
    await toggle.uncheck();
    await page.mouse.move(5, 5);
    await shows(picture, (now) => now === plain);
  });

  await step("Space shows the virtual image for as long as it is held", async () => {
    await map.focus();
    await page.keyboard.down(" ");
    await shows(() => pressed("Virtual image"), "true");
    await page.keyboard.up(" ");
    await shows(() => pressed("Clusters"), "true");
    await shows(() => page.getByRole("checkbox", { name: "Outlines" }).isChecked(), false);
  });
});
