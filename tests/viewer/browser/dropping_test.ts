/** A file that is dropped on the page is opened: where it lies, or copied into a served folder. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { mainShown, shows } from "../../support/viewer_page.ts";
import { writeResult, writeScan } from "../../support/viewer_scans.ts";

/** Drops a file as a file manager does; without content, of so many bytes. */
async function drop(page: Page, name: string, content: Uint8Array | number): Promise<void> {
  const given = typeof content === "number" ? content : Array.from(content);
  await page.evaluate(([name, given]) => {
    const transfer = new DataTransfer(),
      bytes = typeof given === "number" ? new Uint8Array(given) : Uint8Array.from(given);
    transfer.items.add(new File([bytes], name));
    for (const type of ["dragover", "drop"]) {
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    }
  }, [name, given] as const);
}

browserTest("dropping a file", async (open, step, folder) => {
  const elsewhere = join(folder, "elsewhere"), served = join(folder, "served");
  await Deno.mkdir(elsewhere);
  await Deno.mkdir(served);
  const there = await writeScan(served, "there.npy"), other = join(elsewhere, "other.npy");
  const counts = Uint16Array.from({ length: 8 * 9 * 16 * 16 }, (_, i) => i % 50);
  await Deno.writeFile(other, encodeNpy("u16", [8, 9, 16, 16], counts));
  await writeResult(served, there.path);
  await Deno.copyFile(join(served, "result", "averages.npy"), join(served, "there_averages.npy"));
  const { page, screenshot } = await open({ args: [served], mayBeRefused: true });
  const file = page.locator("button.file"),
    entries = page.getByRole("list", { name: "Files" }).getByRole("button");

  await step(
    "scans have their sizes, results stand below them, and what was saved of them is not listed (case 22)",
    async () => {
      await shows(
        () => entries.allInnerTexts(),
        (texts) =>
          texts.length === 3 && /^there\.npy\s+40 × 48 × 32 × 32 · 3\.93 MB/.test(texts[1]) &&
          /^result\s+Result · 40 × 48 × 32 × 32/.test(texts[2]),
      );
      await shows(() => entries.nth(2).getAttribute("class"), "under");
      await screenshot("dropping-list");
    },
  );

  await step("one that lies in the folder is opened there", async () => {
    await drop(page, "there.npy", (await Deno.stat(there.path)).size);
    await page.getByRole("button", { name: "Open it" }).click();
    await mainShown(page);
    await shows(() => file.getAttribute("title"), (title) => title!.startsWith(there.path));
  });

  await step("another is copied there and opened, also from the midst of the work (case 22)", async () => {
    const content = await Deno.readFile(other);
    await drop(page, "other.npy", content);
    await shows(
      () => page.locator(".dropped").innerText(),
      /does not say where other\.npy lies\. Copy its 37 kB into/,
    );
    await screenshot("dropping-asked");
    await page.getByRole("button", { name: "Copy and open" }).click();
    await mainShown(page);
    await shows(() => file.innerText(), /^other\.npy/);
    assert.deepEqual(await Deno.readFile(join(served, "other.npy")), content);
  });

  await step("what is there is not replaced, and what is no scan is not taken", async () => {
    await drop(page, "other.npy", 100);
    await page.getByRole("button", { name: "Copy and open" }).click();
    await shows(() => page.locator(".dropped").getByRole("alert").innerText(), /is there already/);
    await drop(page, "notes.txt", 100);
    await page.getByRole("button", { name: "Copy and open" }).click();
    await shows(
      () => page.locator(".dropped").getByRole("alert").innerText(),
      /no kind that can be opened/,
    );
    await page.getByRole("button", { name: "Cancel" }).click();
    await shows(() => page.locator(".drop p").innerText(), /drop a file of up to 8\.\d+ GB/);
    await page.getByRole("button", { name: "Back" }).click();
    await mainShown(page);
  });
});
