import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { decodePng } from "../../support/png.ts";
import { mapMagnification } from "../../../library/report/map_image.ts";
import { readResult } from "../../../mod.ts";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import { fileNames } from "../../support/folders.ts";
import {
  clickProbe,
  mainShown,
  readout,
  saveKinds,
  selectedOptions,
  shows,
} from "../../support/viewer_page.ts";
import { sameNumbers, scanColumns, scanRows } from "../../support/viewer_scans.ts";

/** Kinds of files with the end of their names. */
const kinds = [
  ["picture", "_map.png"],
  ["drawing", "_map.svg"],
  ["table", "_clusters.csv"],
  ["labels", "_labels.npy"],
  ["averages", "_averages.npy"],
  ["tiff", "_averages.tif"],
  ["report", "_report.html"],
  ["session", ".session.json"],
] as const;

browserTest("leaving with something", async (open, step, folder) => {
  const out = join(folder, "out");
  await Deno.mkdir(out);
  const { page, origin, labels, count, screenshot } = await openFilm(open, folder, {
    mayBeRefused: true,
    context: {
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
      permissions: ["clipboard-read", "clipboard-write"],
    },
  });
  let saved: string[] = [];

  await step("every kind of file is saved, whole and readable (case 20)", async () => {
    saved = await saveKinds(page, out, [...kinds.map(([kind]) => kind), "result"]);
    await screenshot("leaving-saved");
    const button = (await page.getByRole("button", { name: /^Save \d+ files$/ }).boundingBox())!;
    assert.ok(button.x + button.width <= 1440, "long paths do not push the panel out of the window");
    const names = await fileNames(out);
    for (const [kind, end] of kinds) {
      assert.ok(names.some((name) => name.endsWith(end)), `${kind}: ${names}`);
    }
    const folderOfResult = saved.find((path) => Deno.statSync(path).isDirectory)!;
    sameNumbers((await readResult(folderOfResult)).labels, labels);
    const picture = saved.find((path) => path.endsWith("_map.png"))!;
    const { width, height, data } = decodePng(await Deno.readFile(picture));
    const side = mapMagnification({ rows: scanRows, columns: scanColumns });
    assert.ok(width >= side * scanColumns && height >= side * scanRows);
    /** Whether something white stands on a cluster: its number, as no cluster has that colour. */
    const hasWords = (id: number) =>
      labels.some((label, probe) => {
        if (label !== id) return false;
        const top = side * Math.floor(probe / scanColumns), left = side * (probe % scanColumns);
        return Array.from({ length: side * side }, (_, pixel) => {
          const at = 3 * ((top + Math.floor(pixel / side)) * width + left + pixel % side);
          return data[at] === 255 && data[at + 1] === 255 && data[at + 2] === 255;
        }).includes(true);
      });
    // Clusters are told by their numbers, in the page's own letters, not by a list of colours beside them.
    const drawing = await Deno.readTextFile(saved.find((path) => path.endsWith("_map.svg"))!);
    const numbers = Array.from(drawing.matchAll(/<text[^>]*>(\d+)<\/text>/g), ([, text]) => Number(text));
    assert.ok(numbers.length > 0 && numbers.every((number) => number < count), drawing.slice(0, 500));
    const sizes = new Map<number, number>();
    for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    for (let id = 0; id < count; id++) {
      if (sizes.get(id)! < 100) continue;
      assert.ok(numbers.includes(id), `number ${id} of ${numbers}`);
      assert.ok(hasWords(id), `number ${id} of the picture`);
    }
    assert.match(drawing, /font-family="[^"]*system-ui/);
    const table = await Deno.readTextFile(saved.find((path) => path.endsWith(".csv"))!);
    assert.equal(table.trim().split("\n").length, count + 1);
    const report = await Deno.readTextFile(saved.find((path) => path.endsWith(".html"))!);
    assert.doesNotMatch(report, /src="http|href="http/);
  });

  await step("what is there already is not replaced unasked (case 11)", async () => {
    await page.getByLabel("Replace files that are there").uncheck();
    const before = await Deno.readFile(
      join(out, saved.map((path) => basename(path)).find((name) => name.endsWith(".csv"))!),
    );
    for (const [kind] of kinds) await page.locator(`#export-${kind}`).setChecked(kind === "table");
    await page.locator("#export-result").uncheck();
    await page.getByRole("button", { name: "Save 1 file" }).click();
    const banner = page.getByRole("alert");
    await shows(() => banner.innerText(), /there already/);
    await screenshot("leaving-refused");
    await banner.getByRole("button", { name: "Close" }).click();
    const after = await Deno.readFile(saved.find((path) => path.endsWith(".csv"))!);
    assert.deepEqual(after, before);
  });

  await step("every kind but the folder is downloaded, with the same content as saved", async () => {
    for (const [kind, end] of kinds) {
      const line = page.locator(".choice").filter({ has: page.locator(`#export-${kind}`) });
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        line.getByRole("button", { name: /^Download/ }).click(),
      ]);
      assert.ok(download.suggestedFilename().endsWith(end), `${kind}: ${download.suggestedFilename()}`);
      const path = join(folder, `downloaded ${kind}`);
      await download.saveAs(path);
      const file = saved.find((own) => own.endsWith(end))!;
      // Reports and sessions say when they were written.
      if (kind === "report" || kind === "session") assert.ok((await Deno.stat(path)).size > 100);
      else assert.deepEqual(await Deno.readFile(path), await Deno.readFile(file), kind);
    }
  });

  await step("the command and the code are copied", async () => {
    for (const [language, start] of [["Command", "crystallite cluster "], ["Code", "import "]]) {
      await page.getByRole("radio", { name: language, exact: true }).click();
      const code = page.locator("pre.code");
      await shows(() => code.innerText(), (text) => text.includes(start));
      await page.getByRole("button", { name: "Copy", exact: true }).click();
      await shows(() => page.locator(".notice").innerText(), "Copied");
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal(copied.trim(), (await code.innerText()).trim());
    }
  });

  await step("the address opens the same view in another page", async () => {
    await page.getByRole("tab", { name: /^Clusters/ }).click();
    await page.getByRole("textbox", { name: "Similarity threshold" }).fill("0.97");
    await page.keyboard.press("Enter");
    await page.getByLabel("Intensity scale").selectOption("sqrt");
    await page.getByRole("checkbox", { name: "Outlines" }).check();
    await clickProbe(page, 27, 42);
    await shows(() => selectedOptions(page).count(), 1);
    // Clusters are numbered as a page comes to know them; place, size and similarity stay.
    const chosen = (await selectedOptions(page).innerText()).replace(/^Cluster \d+/, "");
    await page.waitForURL(/T=0\.97.*probe=27%2C42.*selected=.*outlines=1.*scale=sqrt/);
    assert.doesNotMatch(page.url(), /token/);
    const other = await page.context().newPage();
    await other.setViewportSize({ width: 1440, height: 900 });
    await other.goto(page.url());
    await mainShown(other);
    await shows(() => other.getByRole("textbox", { name: "Similarity threshold" }).inputValue(), "0.970");
    await shows(() => selectedOptions(other).innerText(), (text) => text.endsWith(chosen));
    await shows(() => readout(other), /^row 27 column 42/);
    assert.equal(await other.getByLabel("Intensity scale").inputValue(), "sqrt");
    assert.ok(await other.getByRole("checkbox", { name: "Outlines" }).isChecked());
    assert.equal(other.url(), page.url());
    await other.close();
  });

  await step("a session is in the list of files, and opens the view", async () => {
    const [session] = (await saveKinds(page, out, ["session"])).filter((path) =>
      path.endsWith(".session.json")
    );
    await page.goto(origin);
    await page.getByRole("list", { name: "Files" }).getByRole("button", { name: "out/" }).click();
    await page.getByRole("list", { name: "Files" }).getByRole("button", { name: basename(session) })
      .click();
    await mainShown(page);
    await shows(() => page.getByRole("textbox", { name: "Similarity threshold" }).inputValue(), "0.970");
    await shows(() => readout(page), /^row 27 column 42/);
    assert.equal(await page.getByLabel("Intensity scale").inputValue(), "sqrt");
  });
});
