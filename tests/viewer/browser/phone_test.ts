/** On a phone, held upright: every word is read whole, every map of numbers says what its colours mean. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_encoding.ts";
import { browserTest } from "../../support/browser.ts";
import { cutOff, overlapping } from "../../support/page_rules.ts";
import type { Page } from "../../support/playwright.ts";
import { clickProbe, dragMouse, openPath, pointAt, shows } from "../../support/viewer_page.ts";
import { patternSide, scanColumns, scanRows, writeResult, writeScan } from "../../support/viewer_scans.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: "reduce" } as const;

/** Words that have less room than they need, or stand nearer to the edge of the window than 8 pixels. */
async function pressedWords(page: Page, parts: string): Promise<string[]> {
  return await page.evaluate((parts) =>
    Array.from(document.querySelectorAll(parts)).filter((own) => {
      const { left, right, width } = own.getBoundingClientRect();
      const cut = own.scrollWidth > own.clientWidth + 1 || own.scrollHeight > own.clientHeight + 1;
      return width > 2 && (cut || left < 8 || right > innerWidth - 8);
    }).map((own) => own.textContent!.slice(0, 60)), parts);
}

browserTest("a phone", async (open, step, folder) => {
  const scan = await writeScan(folder), result = await writeResult(folder, scan.path);
  const stack = join(folder, "stack.npy");
  const shape = [scanRows * scanColumns, patternSide, patternSide];
  await Deno.writeFile(stack, encodeNpy("u16", shape, scan.data));
  const { page, origin, screenshot } = await open({ args: [folder], context: phone, mayBeRefused: true });

  const show = async (path: string) => {
    await page.goto(`${origin}/?open=${encodeURIComponent(path)}`);
    await page.locator("#map[data-scale]").waitFor();
  };

  await step("what cannot be opened is said within the window, however long its name is", async () => {
    await page.goto(`${origin}/?open=${encodeURIComponent(join(folder, `${"long".repeat(40)}.h5`))}`);
    await page.getByRole("alert").waitFor();
    assert.deepEqual(await pressedWords(page, ".card h1, .card p, .card button"), []);
    await screenshot("phone-failed");
  });

  await step("in the question for rows and columns each field has its word beside it", async () => {
    await page.goto(origin);
    await openPath(page, stack);
    await page.getByRole("heading", { name: "How was this scan laid out?" }).waitFor();
    const apart = await page.evaluate(() =>
      Array.from(document.querySelectorAll<HTMLInputElement>(".equation input")).map((field) => {
        const range = document.createRange(), box = field.getBoundingClientRect();
        range.selectNodeContents(field.nextSibling ?? field);
        const words = range.getBoundingClientRect();
        return { words: range.toString(), beside: words.top < box.bottom && words.bottom > box.top };
      })
    );
    assert.deepEqual(apart, [{ words: "rows", beside: true }, { words: "columns", beside: true }]);
    await screenshot("phone-shape");
  });

  await step("captions of patterns are read to their end", async () => {
    await show(scan.path);
    await shows(() => page.locator(".reciprocal figcaption").first().innerText(), /bad pixels repaired/);
    assert.deepEqual(await pressedWords(page, "figcaption > span:not(.selector)"), []);
    await screenshot("phone-scan");
  });

  await step("a map of numbers has its colour bar, and the read-out is whole", async () => {
    await show(result);
    await clickProbe(page, 7, 38);
    for (const view of ["Similarity", "Virtual image"]) {
      await page.getByRole("radio", { name: view, exact: true }).click();
      await page.locator(".real .legend.values .colour-bar").waitFor();
      assert.deepEqual(await cutOff(page), []);
      assert.deepEqual(await pressedWords(page, ".real > footer .readout, .real .legend.values"), []);
      const [rail, stage] = await page.evaluate(() =>
        [".rail", ".real .stage"].map((part) => document.querySelector(part)!.getBoundingClientRect().bottom)
      );
      assert.ok(rail <= stage, `tools end at ${rail}, the map at ${stage}`);
      await screenshot(`phone-${view}`);
    }
    await page.getByRole("radio", { name: "Clusters", exact: true }).click();
    await page.getByText("below minimum size").waitFor();
  });

  await step("both profiles of a measurement are there", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("u");
    await dragMouse(page, [await pointAt(page, 6, 6), await pointAt(page, 30, 36)]);
    for (const name of ["Line profile", "Radial profile"]) {
      const plot = page.getByRole("region", { name, exact: true }).locator(".plot");
      const { width, height } = (await plot.boundingBox({ timeout: 3000 }))!;
      assert.ok(width > 140 && height > 60, `${name}: ${width} x ${height}`);
    }
    const read = page.locator(".of-profiles .plot text.label");
    assert.match(await read.first().textContent() ?? "", /^0\.0: Similarity 0\.\d+$/);
    assert.match(await read.last().textContent() ?? "", /^0\.0: [\d\s.]+ and [\d\s.]+ counts$/);
    assert.deepEqual(await overlapping(page, ".of-profiles .plot text, .of-profiles button"), []);
    assert.deepEqual(await cutOff(page), []);
    await screenshot("phone-measure");
    await page.keyboard.press("Escape");
    await page.keyboard.press("v");
  });

  await step(
    "in a low window, as one that is enlarged twice, the map is not behind the plots",
    async () => {
      await page.setViewportSize({ width: 720, height: 450 });
      await shows(() =>
        page.evaluate(() => {
          const [map, plots] = [".real", ".evidence"].map((part) =>
            document.querySelector(part)!.getBoundingClientRect()
          );
          return plots.top - map.bottom >= 0;
        }), true);
      await screenshot("phone-enlarged");
    },
  );
});
