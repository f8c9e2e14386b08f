/** Scans that are a strip, and read-outs beside which there is little room. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { browserTest } from "../../support/browser.ts";
import type { Page } from "../../support/playwright.ts";
import { clickProbe, pointAt, readout, showFile, shows } from "../../support/viewer_page.ts";

/** A scan of tiny patterns; returns its path. */
async function writeStrip(folder: string, rows: number, columns: number): Promise<string> {
  const side = 16, path = join(folder, `${rows}x${columns}.npy`);
  const scan = simulateScan({
    ...{ rows, columns, patternRows: side, patternColumns: side },
    ...{ grains: 4, seed: 5, counts: 4e6 },
  });
  const data = new Uint16Array(rows * columns * side ** 2);
  scan.readRows(0, rows, data);
  await Deno.writeFile(path, encodeNpy("u16", [rows, columns, side, side], data));
  return path;
}

/** Numbers and bars in the footers of panes, and fields, that are not to be seen whole. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const cut: string[] = [];
    const within = (part: Element, whole: Element) => {
      const own = part.getBoundingClientRect(), other = whole.getBoundingClientRect();
      const seen = own.left >= other.left - 1 && own.right <= other.right + 1 && own.top >= other.top - 1 &&
        own.bottom <= other.bottom + 1;
      if (own.width > 0 && !seen) cut.push(part.textContent!.trim() || part.className);
    };
    for (const footer of document.querySelectorAll(".pane > footer")) {
      for (const part of footer.querySelectorAll(".readout > span, .colour-bar, .colour-bar > *")) {
        within(part, footer);
      }
      for (const part of footer.querySelectorAll(".readout > span")) {
        within(part, part.parentElement!);
        // Neither may one be left out.
        if (part.textContent && part.getBoundingClientRect().width === 0) cut.push(`no ${part.textContent}`);
      }
      const readout = footer.querySelector(".readout"), bar = footer.querySelector(".colour-bar");
      if (readout && bar) {
        const end = Math.max(
          ...Array.from(readout.children, (part) => part.getBoundingClientRect().right),
        );
        if (end > bar.getBoundingClientRect().left) cut.push("the read-out runs into the colour bar");
      }
    }
    for (const field of document.querySelectorAll(".evidence input")) {
      if (field.scrollWidth > field.clientWidth + 1) cut.push((field as HTMLInputElement).value);
    }
    return cut;
  });
}

browserTest("narrow scans", async (open, step, folder) => {
  const strip = await writeStrip(folder, 16, 104), line = await writeStrip(folder, 4, 1200);
  const { page, screenshot } = await open({
    args: [folder],
    context: { viewport: { width: 1440, height: 900 } },
  });
  const map = page.locator("#map[data-scale]");
  const scales = async () => {
    const { scale, rowScale } = await map.evaluate((own) => ({ ...(own as HTMLElement).dataset }));
    return [Number(scale), Number(rowScale)];
  };
  const input = JSON.stringify(["--q-pixel-size", "0.0512 A^-1"]);

  await step("every number of the read-outs is seen, whatever the width (case 19)", async () => {
    await showFile(page, strip, { input });
    const sizes = [[920, 800], [1000, 760], [1280, 720], [1440, 900], [1920, 1080], [2560, 1300]];
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      await page.getByRole("radio", { name: "Virtual image" }).click();
      await clickProbe(page, 3, 40);
      await shows(() => readout(page), /row 3 column 40; .* counts/);
      await shows(async () => {
        const { x, y } = await pointAt(page, 8, 7, "probe-pattern");
        await page.mouse.move(x, y);
        return readout(page, ".reciprocal");
      }, /Å⁻¹; .* Å; .*\d/);
      await page.waitForTimeout(60);
      assert.deepEqual(await cutOff(page), [], `${width} x ${height}`);
    }
    await screenshot("narrow-readouts");
    // Where patterns lie below the map: words about the colours give way to numbers.
    await page.setViewportSize({ width: 600, height: 900 });
    await page.evaluate(() => scrollTo(0, 0));
    await clickProbe(page, 3, 40);
    await shows(() => readout(page), /row 3 column 40; .* counts/);
    await page.waitForTimeout(60);
    assert.deepEqual(await cutOff(page), [], "600 x 900");
  });

  await step(
    "a scan twice as wide as tall has the page's width, and its patterns below (case 21)",
    async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      const box = async (place: string) => (await page.locator(place).boundingBox())!;
      const [real, upper, lower] = await Promise.all(
        [".real .stage", "#upper-pattern", "#probe-pattern"].map(box),
      );
      const window = (await box(".work")).width - (await box(".inspector")).width;
      assert.ok(real.width > window - 4, `${real.width} of ${window}`);
      assert.ok(
        upper.y > real.y + real.height && Math.abs(upper.y - lower.y) < 2,
        "patterns below, beside each other",
      );
      assert.ok(Math.min(upper.width, upper.height, lower.width) > 250, JSON.stringify([upper, lower]));
      await screenshot("narrow-wide");
    },
  );

  await step("a line of probes is stretched where asked, and is still pointed at (case 21)", async () => {
    await showFile(page, line);
    const [width] = await scales();
    assert.ok(width < 1);
    await page.getByRole("checkbox", { name: "Stretch" }).check();
    await shows(scales, ([scale, rowScale]) => Math.abs(scale - width) < 1e-9 && rowScale >= 20);
    await clickProbe(page, 1, 900);
    await shows(() => readout(page), (text) => {
      const [, row, column] = /row (\d+)\D+(\d[\d\u202f]*)/.exec(text)!;
      return row === "1" && Math.abs(Number(column.replaceAll("\u202f", "")) - 900) <= 1;
    });
    await page.waitForURL(/stretch=1/);
    await screenshot("narrow-stretched");
  });
});
