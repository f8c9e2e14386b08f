/** Whatever a file leaves open has a control on the page, and nothing on the page speaks in flags. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { browserTest } from "../../support/browser.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { flagsNamed } from "../../support/page_rules.ts";
import { slowness } from "../../support/slowness.ts";
import {
  clustersAre,
  dragMouse,
  mainShown,
  openPath,
  pointAt,
  savedLabels,
  saveKinds,
  shows,
} from "../../support/viewer_page.ts";
import {
  countLabels,
  labelsOf,
  patternSide,
  sameNumbers,
  scanColumns,
  scanRows,
  writeResult,
  writeScan,
} from "../../support/viewer_scans.ts";

browserTest("no dead ends", async (open, step, folder) => {
  const scan = await writeScan(folder), shape = [scanRows, scanColumns, patternSide, patternSide];
  const two = await writeHdf5(join(folder, "two.h5"), (file) => {
    file.create_dataset({ name: "first", data: scan.data, shape });
    file.create_dataset({ name: "second", data: scan.data.toReversed(), shape });
  });
  await Deno.mkdir(join(folder, "blanks"));
  await Deno.copyFile(scan.path, join(folder, "blanks", " film .npy"));
  await Deno.copyFile(scan.path, join(folder, "blanks", `${"long".repeat(50)}.npy`));
  const pixel = join(folder, "pixel.npy");
  await Deno.writeFile(
    pixel,
    encodeNpy("u16", [4, 5, 1, 1], Uint16Array.from({ length: 20 }, (_, i) => i)),
  );
  const { page, origin, screenshot } = await open({
    args: [folder],
    context: { viewport: { width: 1440, height: 900 } },
    mayBeRefused: true,
  });
  const file = page.locator("button.file");
  const begin = async (path: string) => {
    await page.goto(origin);
    await openPath(page, path);
  };
  const opens = () => page.getByRole("button", { name: "Open so" }).last().click();

  await step("a file with two data sets asks which, in a field (case 11)", async () => {
    await begin(two);
    await page.getByRole("alert").waitFor();
    assert.deepEqual(await flagsNamed(page), []);
    await screenshot("dead-ends-data-set");
    await page.getByLabel("Data set", { exact: true }).fill("/second");
    await opens();
    await mainShown(page);
    await shows(() => file.innerText(), /^two\.h5\s+40 × 48 probes/);
    assert.deepEqual(await flagsNamed(page), []);
  });

  await step("it is remembered, and part of the address and the command", async () => {
    await begin(two);
    await mainShown(page);
    await page.waitForURL(/input=/);
    await page.reload();
    await mainShown(page);
    await shows(() => file.getAttribute("title"), /\/second/);
  });

  await step("a scale is set where there is none, and the command says it (case 11)", async () => {
    await begin(scan.path);
    await mainShown(page);
    await page.getByRole("button", { name: "Set scale…" }).click();
    await page.getByLabel("Distance of probes", { exact: true }).fill("2 nm");
    await page.getByLabel("Part of the scan", { exact: true }).fill("0:40,0:48");
    await opens();
    await mainShown(page);
    await shows(() => page.getByRole("button", { name: "Set scale…" }).count(), 0);
    await page.locator(".bar").getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: "Run again" }).first().waitFor({ timeout: 30_000 * slowness() });
    const expected = labelsOf(await writeResult(folder, scan.path, ["--preset", "auto"], "auto"));
    await clustersAre(page, countLabels(expected));
    sameNumbers(await savedLabels(page, folder), expected);
    await shows(() => page.locator("pre.code").innerText(), /--pixel-size '2 nm'/);
    for (const tab of ["Clusters", "Parameters", "Crystals", "Export"]) {
      await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
      assert.deepEqual(await flagsNamed(page), [], tab);
    }
  });

  await step("words that make no sense are said in the names of the fields", async () => {
    await begin(two);
    await mainShown(page);
    await page.getByRole("tab", { name: "Parameters" }).click();
    await page.getByLabel("Data set", { exact: true }).fill("/third");
    await opens();
    await page.getByRole("alert").waitFor();
    assert.deepEqual(await flagsNamed(page), []);
    await page.getByLabel("Data set", { exact: true }).fill("/first");
    await opens();
    await mainShown(page);
  });

  await step(
    "names with blanks at their ends, and of 200 characters, can be taken away (case 12)",
    async () => {
      for (const name of [" film .npy", `${"long".repeat(50)}.npy`]) {
        await begin(join(folder, "blanks", name));
        await mainShown(page);
        await page.locator(".bar").getByRole("button", { name: "Run", exact: true }).click();
        await page.getByRole("button", { name: "Run again" }).first().waitFor({
          timeout: 30_000 * slowness(),
        });
        assert.equal((await saveKinds(page, folder, ["table"])).length, 1);
      }
      await page.getByLabel("Name of the files").fill("short");
      const [path] = await saveKinds(page, folder, ["table"]);
      assert.equal(path, join(folder, "short_clusters.csv"));
    },
  );

  await step(
    "the smallest detector between pixels holds one, and so does one of a single pixel (case 12)",
    async () => {
      const refused: string[] = [];
      page.on(
        "response",
        (answer) => answer.status() >= 400 && /virtual/.test(answer.url()) && refused.push(answer.url()),
      );
      await begin(pixel);
      await mainShown(page);
      await page.locator(".real .legend.values").waitFor();
      await begin(scan.path);
      await mainShown(page);
      await page.getByRole("radio", { name: "Virtual detector: disk" }).click();
      const from = await pointAt(page, 15.5, 15.5, "probe-pattern");
      await dragMouse(page, [from, await pointAt(page, 8, 8, "probe-pattern")]);
      await page.locator("#probe-pattern").focus();
      for (let times = 0; times < 20; times++) {
        await page.keyboard.press("-");
      }
      await page.waitForTimeout(500);
      await shows(() => page.locator(".real .legend.values").innerText(), /0\.[78] px/);
      assert.deepEqual(refused, []);
    },
  );
});
