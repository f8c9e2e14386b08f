import assert from "node:assert/strict";
import { join } from "node:path";
import { browserTest } from "../../support/browser.ts";
import { flagsNamed } from "../../support/page_rules.ts";
import { clustersAre, mainShown, openPath, shows } from "../../support/viewer_page.ts";
import {
  countLabels,
  labelsOf,
  patternSide,
  scanColumns,
  scanRows,
  writeResult,
  writeScan,
} from "../../support/viewer_scans.ts";

const probes = scanRows * scanColumns;
/** A name that would run as a script where names are not shown as text. */
const hostile = '<img src=x onerror="smuggled=1">.npy';

browserTest("opening", async (open, step, folder) => {
  const scan = await writeScan(folder);
  await Deno.mkdir(join(folder, "day 2"));
  await writeScan(join(folder, "day 2"), "stack.npy", [probes, patternSide, patternSide]);
  await writeScan(folder, hostile);
  await Deno.writeFile(join(folder, "broken.npy"), new Uint8Array(500));
  const result = await writeResult(folder, scan.path);
  const { page, origin, screenshot } = await open({ args: [folder], mayBeRefused: true });
  const files = page.getByRole("list", { name: "Files" });
  const path = page.getByLabel("Path of a scan or result");
  const file = page.locator("button.file");
  /** The empty page, with what the browser remembers. */
  const startAgain = async () => {
    await page.goto(origin);
    await page.getByRole("heading", { name: "Open a scan" }).waitFor();
  };

  await step("a pasted path opens, also in quotes; the title names it", async () => {
    await openPath(page, `"${scan.path}"`);
    await mainShown(page);
    await shows(() => file.innerText(), /^film\.npy\s+40 × 48 probes · 32 × 32 px · uint16 · 3\.93 MB$/);
    await shows(() => page.title(), "film.npy – crystallite");
    await shows(() => page.getByRole("tab", { selected: true }).innerText(), "Parameters");
    await page.waitForURL((url) => url.searchParams.get("open") === scan.path);
    await screenshot("opening-scan");
  });

  await step("a folder of the list leads on, and back", async () => {
    await startAgain();
    await screenshot("opening-empty");
    await shows(
      async () => (await files.locator("b").allInnerTexts()).sort(),
      (names) =>
        JSON.stringify(names) ===
          JSON.stringify(["All folders", "broken.npy", "day 2/", "film.npy", "result", hostile].sort()),
    );
    await files.getByRole("button", { name: "day 2/" }).click();
    await files.getByRole("button", { name: "stack.npy" }).waitFor();
    await files.getByRole("button", { name: "Folder above" }).click();
    await files.getByRole("button", { name: "result" }).click();
    await mainShown(page);
    await clustersAre(page, countLabels(labelsOf(result)));
  });

  await step("what was opened is offered again after a reload", async () => {
    await startAgain();
    const recent = page.locator(".places ul").first().getByRole("button");
    await shows(async () => (await recent.locator("b").allInnerTexts()), ["result", "film.npy"]);
    await recent.nth(1).click();
    await mainShown(page);
    await shows(() => file.innerText(), /^film\.npy/);
  });

  await step("another file is a click away, and Back leads back", async () => {
    await file.click();
    await page.getByRole("button", { name: "Back", exact: true }).click();
    await mainShown(page);
    await shows(() => file.innerText(), /^film\.npy/);
  });

  await step("the shape of a stack is asked for; a wrong product is refused", async () => {
    await startAgain();
    await openPath(page, join(folder, "day 2", "stack.npy"));
    await page.getByRole("heading", { name: "How was this scan laid out?" }).waitFor();
    const [rows, columns] = [page.getByLabel("Rows"), page.getByLabel("Columns")];
    assert.deepEqual([await rows.inputValue(), await columns.inputValue()], ["", ""], "nothing is chosen");
    const offers = await page.locator(".options button").allInnerTexts();
    assert.deepEqual(offers.slice(0, 2), ["40 × 48", "48 × 40"]);
    for (const offer of offers) {
      const [height, width] = offer.split(" × ").map(Number);
      assert.equal(height * width, probes);
    }
    const verdict = page.locator(".equation output"), submit = page.getByRole("button", { name: /^Open/ });
    await rows.fill("7");
    await shows(() => verdict.innerText(), /does not divide by 7/);
    await columns.fill("9");
    await shows(() => verdict.innerText(), "makes 63, the file has 1\u202f920");
    assert.ok(await submit.isDisabled());
    await page.keyboard.press("Enter");
    assert.ok(await page.getByRole("heading", { name: "How was this scan laid out?" }).isVisible());
    assert.deepEqual(await flagsNamed(page), []);
    await page.getByRole("button", { name: "40 × 48", exact: true }).click();
    await shows(() => verdict.innerText(), /1\u202f920 patterns, fits/);
    await screenshot("opening-shape");
    await page.getByRole("button", { name: "Open as 40 × 48" }).click();
    await mainShown(page);
    await shows(() => file.innerText(), /^stack\.npy\s+40 × 48 probes/);
    await page.waitForURL(/input=/);
    await page.reload();
    await mainShown(page);
    await shows(() => file.innerText(), /^stack\.npy\s+40 × 48 probes/);
  });

  await step("a file that cannot be read says why, what to do, and the details", async () => {
    await startAgain();
    await openPath(page, join(folder, "broken.npy"));
    const card = page.getByRole("alert");
    await card.waitFor();
    await screenshot("opening-failed");
    assert.ok((await card.getByRole("heading").innerText()).length > 10);
    await card.getByText("Details").click();
    const details = await card.locator("dl").innerText();
    assert.match(details, /broken\.npy/);
    assert.match(details, /error\s+\w+/);
    await card.getByRole("button", { name: "Try again" }).click();
    await card.waitFor();
    await card.getByRole("button", { name: "Choose another file" }).click();
    await page.getByRole("heading", { name: "Open a scan" }).waitFor();
  });

  await step("a path outside the served folder is refused in the same way", async () => {
    await openPath(page, "/etc/hostname");
    await page.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Choose another file" }).click();
    await path.fill(join(folder, "nothing.npy"));
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await shows(
      () => page.getByRole("alert").getByRole("heading").innerText(),
      /does not exist|not found|no such/i,
    );
  });
});

browserTest("names and lost files", async (open, step, folder) => {
  const scan = await writeScan(folder, hostile);
  const result = await writeResult(
    folder,
    scan.path,
    ["--preset", "auto"],
    '<b onclick="smuggled=2">result',
  );
  const { page, origin, screenshot } = await open({ args: [folder] });

  await step("names are shown as text wherever they stand", async () => {
    await page.getByRole("list", { name: "Files" }).getByText(hostile).click();
    await mainShown(page);
    await shows(() => page.locator("button.file b").innerText(), hostile);
    await shows(() => page.title(), `${hostile} – crystallite`);
    await page.goto(origin);
    await page.locator(".places ul").first().getByText(hostile).waitFor();
    await openPath(page, result);
    await mainShown(page);
    await shows(() => page.locator("button.file b").innerText(), '<b onclick="smuggled=2">result');
    await page.getByRole("tab", { name: "Export" }).click();
    await shows(() => page.locator("pre.code").innerText(), /<img src=x onerror="smuggled=1">\.npy/);
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.evaluate(() => (globalThis as { smuggled?: number }).smuggled ?? null), null);
    await screenshot("opening-hostile-name");
  });

  await step(
    "a result whose scan is gone shows its map, and says why there are no patterns and no run",
    async () => {
      await Deno.remove(scan.path);
      // A server that has the scan open could still read it.
      const { page, origin, screenshot } = await open({ args: [folder] });
      await page.goto(`${origin}/?${new URLSearchParams({ open: result })}`);
      await mainShown(page);
      await clustersAre(page, countLabels(labelsOf(result)));
      await page.getByText(/Patterns cannot be shown: /).waitFor();
      assert.ok(await page.getByRole("button", { name: "Run again" }).first().isDisabled());
      assert.ok(await page.getByRole("radio", { name: "Virtual image" }).isDisabled());
      await page.getByRole("tab", { name: "Parameters" }).click();
      await page.getByText(/The scan cannot be read, so nothing can be run/).waitFor();
      await screenshot("opening-scan-gone");
      await page.getByRole("tab", { name: "Export" }).click();
      assert.ok(await page.getByRole("checkbox", { name: "Whole result" }).isDisabled());
      assert.ok(await page.getByRole("checkbox", { name: "Labels" }).isEnabled());
    },
  );
});
