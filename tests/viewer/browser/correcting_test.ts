import assert from "node:assert/strict";
import { demandAccessible } from "../../support/axe.ts";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import {
  clickProbe,
  clusterOptions,
  clustersAre,
  commandLabels,
  dragMouse,
  mainShown,
  openPath,
  pointAt,
  readout,
  savedLabels,
  saveKinds,
  selectedOptions,
  shows,
} from "../../support/viewer_page.ts";
import { countLabels, sameNumbers, scanColumns, tableOf } from "../../support/viewer_scans.ts";

browserTest("correcting by hand", async (open, step, folder) => {
  const { page, origin, result, labels, count, screenshot } = await openFilm(open, folder);
  const table = tableOf(result);
  const selected = selectedOptions(page), notice = page.locator(".notice");
  const sizeAt = (row: number, column: number) => table[labels[row * scanColumns + column]].size;
  const facts = () => page.locator(".list-actions p").innerText();
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const list = () => page.getByRole("tab", { name: /^Clusters/ }).click();
  const selectedName = async () => (await selected.first().locator(".name").innerText()).trim();
  const readoutAt = async (row: number, column: number) => {
    const { x, y } = await pointAt(page, row, column);
    await page.mouse.move(x, y);
    return readout(page);
  };
  /** Corners of probes, where a hair's breadth to either side makes no difference. */
  const corner = (row: number, column: number) => pointAt(page, row - 0.5, column - 0.5);
  /** Draws and applies; says at how many probes the mask changed. */
  const apply = async () => {
    await page.getByRole("button", { name: "Apply" }).click();
    await notice.waitFor();
    return await notice.locator("span").innerText();
  };

  await step("M makes one cluster of two; undo and redo go back and forth", async () => {
    await clickProbe(page, 7, 38);
    await clickProbe(page, 34, 9, "Shift");
    await shows(() => selected.count(), 2);
    await page.keyboard.press("m");
    await clustersAre(page, count - 1);
    await shows(() => notice.innerText(), /^Merged 2 clusters\s*Undo$/);
    const both = sizeAt(7, 38) + sizeAt(34, 9);
    await shows(facts, new RegExp(`^Cluster \\d+ · ${both} probes`));
    await screenshot("correcting-merged");
    await notice.getByRole("button", { name: "Undo" }).click();
    await clustersAre(page, count);
    await page.keyboard.press("Control+Shift+Z");
    await clustersAre(page, count - 1);
    await button("Undo").click();
    await clustersAre(page, count);
    assert.ok(await button("Undo").isDisabled());
    await button("Redo").click();
    await clustersAre(page, count - 1);
    assert.ok(await button("Redo").isDisabled());
  });

  await step("S cuts a cluster at its weakest link", async () => {
    await clickProbe(page, 7, 11);
    await page.keyboard.press("s");
    await shows(() => notice.innerText(), /^Split cluster \d+ at its weakest link/);
    await clustersAre(page, count);
    await page.keyboard.press("Control+z");
    await clustersAre(page, count - 1);
  });

  await step("X leaves clusters out, and the button does the same", async () => {
    await clickProbe(page, 34, 30);
    await page.keyboard.press("x");
    await clustersAre(page, count - 2);
    await shows(() => selected.count(), 0);
    await clickProbe(page, 21, 5);
    await button("Exclude").click();
    await clustersAre(page, count - 3);
    await page.keyboard.press("Control+z");
    await clustersAre(page, count - 2);
  });

  await step("what is done by hand is what the command gives", async () => {
    await saveKinds(page, folder, ["session"]);
    const saved = await savedLabels(page, folder);
    assert.equal(countLabels(saved), count - 2);
    sameNumbers(await commandLabels(page, folder, "edited"), saved);
    await list();
  });

  await step("a rectangle goes out of the mask, and comes back with Alt", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("r");
    await page.getByText("Drag a rectangle to leave out.").waitFor();
    await dragMouse(page, [await corner(10, 10), await corner(20, 22)]);
    await screenshot("correcting-rectangle");
    assert.equal(await apply(), "Mask changed at 120 probes");
    await shows(() => button("Select").getAttribute("aria-pressed"), "true");
    const { x, y } = await pointAt(page, 15, 15);
    await page.mouse.move(x, y);
    await shows(() => readout(page), /outside the mask/);
    await page.keyboard.press("r");
    await page.keyboard.down("Alt");
    await dragMouse(page, [await corner(10, 10), await corner(15, 22)]);
    await page.keyboard.up("Alt");
    assert.equal(await apply(), "Mask changed at 60 probes");
  });

  await step("a polygon and the brush do the same; Escape drops what was drawn", async () => {
    await page.keyboard.press("p");
    for (const [row, column] of [[30, 30], [30, 40], [38, 40], [38, 30]]) {
      const { x, y } = await corner(row, column);
      await page.mouse.click(x, y);
    }
    await page.locator("#map").focus();
    await page.keyboard.press("Enter");
    assert.equal(await apply(), "Mask changed at 80 probes");
    await page.keyboard.press("b");
    await dragMouse(page, [await pointAt(page, 4, 30), await pointAt(page, 4, 40)], 20);
    assert.match(await apply(), /^Mask changed at (6\d|7\d) probes$/);
    await page.keyboard.press("r");
    await dragMouse(page, [await corner(1, 1), await corner(3, 3)]);
    await page.keyboard.press("Escape");
    await shows(() => button("Select").getAttribute("aria-pressed"), "true");
    await page.keyboard.press("r");
    await page.getByRole("button", { name: "Apply" }).click();
    await shows(() => button("Select").getAttribute("aria-pressed"), "true");
    await screenshot("correcting-mask");
  });

  await step(
    "the command of a drawn mask gives the same labels, with the files that it needs",
    async () => {
      const files = await saveKinds(page, folder, ["session"]);
      assert.ok(files.some((file) => file.endsWith("_mask.npy")), files.join());
      assert.ok(files.some((file) => file.endsWith("_edits.json")), files.join());
      const saved = await savedLabels(page, folder);
      assert.equal(saved[17 * scanColumns + 15], -1);
      sameNumbers(await commandLabels(page, folder, "masked"), saved);
    },
  );

  await step("the session opens with all corrections in another page", async () => {
    const saved = await savedLabels(page, folder);
    const [session] = (await saveKinds(page, folder, ["session"])).filter((file) => /session/.test(file));
    await page.goto(origin);
    await openPath(page, session);
    await mainShown(page);
    await shows(() => page.getByRole("tab", { selected: true }).innerText(), "Export");
    await list();
    await clustersAre(page, countLabels(saved));
    sameNumbers(await savedLabels(page, folder), saved);
    await list();
  });

  await step(
    "probes are painted into a cluster, and a lasso splits a part off; the history goes back",
    async () => {
      await clickProbe(page, 7, 38);
      const size = async () => Number(/· (\d+) probes/.exec(await facts())![1]), before = await size();
      const history = button("History of corrections");
      await history.click();
      const listed = page.locator(".history [role=radio]");
      // Escape on a list that is not there yet would be the map's: nothing selected.
      await listed.first().waitFor();
      const steps = await listed.count();
      await page.keyboard.press("Escape");
      await listed.first().waitFor({ state: "detached" });
      await page.locator("#map").focus();
      await page.keyboard.press("b");
      await page.getByLabel("Radius of the brush in probes").fill("1");
      const [from, to] = await Promise.all(
        [[20, 40], [20, 45]].map(([row, column]) => pointAt(page, row, column)),
      );
      await dragMouse(page, [from, to]);
      await page.getByRole("button", { name: /^Into cluster \d+$/ }).click();
      await shows(size, (now) => now >= before + 5 && now <= before + 20);
      await shows(async () => /Cluster \d+/.exec(await readoutAt(20, 43))?.[0] ?? "", await selectedName());
      const painted = await size();
      await page.keyboard.press("p");
      for (const place of [[9, 40], [9, 46], [14, 46]] as const) {
        const { x, y } = await pointAt(page, place[0], place[1]);
        await page.mouse.click(x, y);
      }
      await page.locator("#map").press("Enter");
      await button("Split off").click();
      await shows(size, (now) => now < painted && now > 20);
      await page.keyboard.press("Escape");
      await screenshot("correcting-painted");
      await history.click();
      await shows(() => listed.count(), steps + 2);
      await shows(() => listed.last().innerText(), /^Assign probes .* more to a new cluster$/);
      await demandAccessible(page, "history");
      await listed.nth(steps - 1).click();
      await page.keyboard.press("Escape");
      await shows(size, before);
      await button("Redo").click();
      await shows(size, painted);
      await button("Undo").click();
    },
  );

  await step("a note is listed, found by its tag, and there again after a reload", async () => {
    await clickProbe(page, 7, 38);
    const name = await selectedName(),
      all = await clusterOptions(page).first().getAttribute("aria-setsize");
    await page.getByLabel(/^Note on cluster/).fill("grows at the edge #twin");
    await page.keyboard.press("Enter");
    const find = page.getByLabel("Find notes and tags");
    await find.fill("#TWIN");
    await shows(
      () => clusterOptions(page).allInnerTexts(),
      ([text, ...others]) =>
        others.length === 0 && text.includes(name) && text.includes("grows at the edge #twin"),
    );
    await demandAccessible(page, "notes");
    await screenshot("correcting-notes");
    await page.reload();
    await mainShown(page);
    await find.fill("edge");
    await shows(() => clusterOptions(page).count(), 1);
    await find.fill("");
    await shows(() => clusterOptions(page).first().getAttribute("aria-setsize"), all);
    await page.getByLabel(/^Note on cluster/).fill("");
    await page.keyboard.press("Enter");
    await find.waitFor({ state: "detached" });
  });

  await step("the mask of the run comes back", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("r");
    await page.getByRole("button", { name: "Mask of the run" }).click();
    await clustersAre(page, count - 2);
    await page.keyboard.press("Escape");
  });
});
