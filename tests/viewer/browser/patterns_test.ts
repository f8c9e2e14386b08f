import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import {
  clusterOptions,
  clustersAre,
  nearly,
  pictureOf,
  pointAt,
  readout,
  selectedOptions,
  showFile,
  shows,
} from "../../support/viewer_page.ts";
import { countLabels, labelsOf, sumOf, tableOf, writeResult, writeScan } from "../../support/viewer_scans.ts";

const window = { viewport: { width: 1440, height: 900 }, colorScheme: "dark" } as const;

browserTest("looking at patterns and at the list", async (open, step, folder) => {
  const scan = await writeScan(folder);
  const result = await writeResult(folder, scan.path);
  const labels = labelsOf(result), table = tableOf(result);
  const { page, screenshot } = await open({ args: [folder], context: window });
  const selected = selectedOptions(page), map = page.locator("#map");
  const upper = page.locator("figcaption").first();
  /** Value of each pattern at a detector pixel. */
  const valuesAt = (row: number, column: number, probes: number[]) =>
    probes.map((probe) => scan.data[probe * 1024 + row * 32 + column]);
  await showFile(page, result);
  await clustersAre(page, countLabels(labels));

  await step("both patterns zoom together", async () => {
    const ids = ["upper-pattern", "probe-pattern"];
    const scales = () =>
      Promise.all(ids.map(async (id) => Number(await page.locator(`#${id}`).getAttribute("data-scale"))));
    const before = await scales();
    const { x, y } = await pointAt(page, 10, 10, "probe-pattern");
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -500);
    await shows(scales, (now) => now.every((scale, place) => scale > 1.5 * before[place]));
    await page.mouse.dblclick(x, y);
    await shows(scales, before);
  });

  await step("L goes through the scales, the pop-over through colour maps and percentiles", async () => {
    const box = (await page.locator("#probe-pattern").boundingBox())!;
    const pictures = new Set<string>();
    const another = async () => {
      await shows(async () => {
        const before = pictures.size;
        pictures.add(await pictureOf(page, box));
        return pictures.size > before;
      }, true);
    };
    await map.focus();
    await another();
    for (const expected of ["sqrt", "linear"]) {
      await page.keyboard.press("l");
      await shows(() => page.getByLabel("Intensity scale").inputValue(), expected);
      await another();
    }
    await page.keyboard.press("l");
    const colours = page.getByRole("button", { name: "Colours and contrast" });
    await colours.click();
    const dialog = page.getByRole("dialog", { name: "Colours and contrast" });
    await dialog.locator("[role=radio]:focus").waitFor();
    for (const name of ["Viridis", "Cividis", "Grey"]) {
      await page.keyboard.press("ArrowDown");
      await shows(() => dialog.getByRole("radio", { name }).getAttribute("aria-checked"), "true");
    }
    await screenshot("looking-colours");
    await dialog.getByRole("slider", { name: "Percentile" }).focus();
    await page.keyboard.press("Home");
    await shows(() => dialog.locator(".range output").innerText(), "95.00 %");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.ok(await colours.evaluate((own) => own === document.activeElement), "the focus comes back");
    await another();
    await page.waitForURL(/colours=grey/);
  });

  await step("mean and maximum of the scan take the place of the average", async () => {
    const values = valuesAt(16, 16, Array.from({ length: 1920 }, (_, probe) => probe));
    const { x, y } = await pointAt(page, 16, 16, "upper-pattern");
    for (
      const [choice, expected] of [["mean", sumOf(values) / 1920], [
        "maximum",
        Math.max(...values),
      ]] as const
    ) {
      await page.getByLabel("What the upper picture shows").selectOption(choice);
      await shows(async () => {
        await page.mouse.move(5, 5);
        await page.mouse.move(x, y);
        return await readout(page, ".reciprocal");
      }, nearly(expected));
    }
    await shows(() => upper.innerText(), /of 1\u202f920 patterns/);
  });
  await step("the list sorts by each column, both ways", async () => {
    const shown = async () =>
      (await clusterOptions(page).allInnerTexts()).map((text) => Number(/^\s*Cluster (\d+)/.exec(text)![1]));
    type Key = (line: typeof table[number]) => number;
    const sorted = (key: Key) =>
      table.map((line, id) => ({ value: key(line), id }))
        .sort((first, second) => first.value - second.value || first.id - second.id)
        .map(({ id }) => id);
    const orders: [string, Key][] = [
      ["similarity", ({ similarity }) => -similarity],
      ["similarity", ({ similarity }) => similarity],
      ["probes", ({ size }) => -size],
      ["probes", ({ size }) => size],
      ["position", ({ row, column }) => Math.round(row) * 1e3 + column],
      ["position", ({ row, column }) => -Math.round(row) * 1e3 - column],
      ["probes", ({ size }) => -size],
    ];
    for (const [name, key] of orders) {
      await page.getByRole("button", { name: `Sort by ${name}` }).click();
      const expected = sorted(key);
      await shows(
        shown,
        (numbers) => numbers.length >= 8 && numbers.join() === expected.slice(0, numbers.length).join(),
      );
    }
  });

  await step("the list works with the keyboard", async () => {
    const list = page.getByRole("listbox", { name: "Clusters" });
    await list.focus();
    for (const key of ["Home", "ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    const third = Array.from(table.keys()).sort((first, second) =>
      table[second].size - table[first].size || first - second
    )[2];
    await shows(() =>
      selected.innerText(), new RegExp(`^Cluster ${third}\\b`));
    await page.keyboard.press("End");
    const last = page.locator(`[role=option][aria-posinset="${table.length}"]`);
    await shows(
      async () => `#${await list.getAttribute("aria-activedescendant")}`,
      `#${await last.getAttribute("id")}`,
    );
    await page.keyboard.press("Shift+Enter");
    await shows(() => last.getAttribute("aria-selected"), "true");
    assert.ok(await last.isVisible());
  });
});
