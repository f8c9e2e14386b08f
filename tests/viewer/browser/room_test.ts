/** Words and buttons have their room where panes are small: beside a wide scan, and on a phone. */

import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import { cutOff, overlapping } from "../../support/page_rules.ts";
import type { Page } from "../../support/playwright.ts";
import { holdBack, showFile, shows } from "../../support/viewer_page.ts";
import { writeResult, writeScan } from "../../support/viewer_scans.ts";

/** Examples in fields of the inspector that are longer than these. */
async function cutExamples(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const pen = document.createElement("canvas").getContext("2d")!;
    return Array.from(document.querySelectorAll<HTMLInputElement>(".inspector input[placeholder]"))
      .filter((field) => {
        const { font, paddingLeft, paddingRight } = getComputedStyle(field);
        pen.font = font;
        const room = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
        return field.clientWidth > 0 && pen.measureText(field.placeholder).width > room + 1;
      }).map(({ placeholder }) => placeholder);
  });
}

browserTest("room for words", async (open, step, folder) => {
  const scan = await writeScan(folder);
  const result = await writeResult(folder, scan.path, ["--preset", "auto", "--roi", "0:14,0:48"], "wide");
  const { page, screenshot } = await open({ args: [folder] });

  for (const width of [1440, 1280]) {
    await step(
      `beside a wide scan, ${width} pixels wide: the way by threshold is there (case 17)`,
      async () => {
        await page.setViewportSize({ width, height: 900 });
        await showFile(page, result);
        await page.locator(".evidence .plot path.area").waitFor();
        await page.waitForTimeout(200);
        assert.deepEqual(await cutOff(page), []);
        assert.deepEqual(await overlapping(page, ".evidence h2, .evidence button, .evidence input"), []);
        assert.deepEqual(await overlapping(page, ".evidence .plot text"), []);
        await screenshot(`room-wide-${width}`);
        await page.getByRole("button", { name: "By threshold…" }).click({ timeout: 3000 });
        await page.getByRole("button", { name: "Back to regions" }).click({ timeout: 3000 });
      },
    );
  }

  await step("words beside the buttons of a panel are words, not a column of letters", async () => {
    for (const tab of ["Parameters", "Crystals"]) {
      await page.getByRole("tab", { name: tab }).click();
      const words = page.locator(".panel-footer p").first();
      await words.waitFor();
      const { width, height } = (await words.boundingBox())!;
      assert.ok(width >= 110 && height < 60, `${tab}: ${width} x ${height}, ${await words.innerText()}`);
      assert.deepEqual(await cutOff(page), []);
    }
    await page.getByRole("tab", { name: /^Clusters/ }).click();
  });

  await step("examples in fields are read to their end", async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await showFile(page, scan.path);
    await page.getByRole("textbox", { name: "Bad pixels", exact: true }).waitFor();
    assert.deepEqual(await cutExamples(page), []);
    await showFile(page, result);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  await step("headings of a list by likeness keep their distance", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("y");
    const heading = page.getByRole("button", { name: "Sort by likeness" });
    await heading.waitFor();
    const [probes, likeness] = await Promise.all(
      [page.getByRole("button", { name: "Sort by probes" }), heading].map((button) => button.boundingBox()),
    );
    assert.ok(probes!.x + probes!.width + 4 <= likeness!.x, JSON.stringify([probes, likeness]));
    await page.keyboard.press("y");
  });

  await step("the line that is measured can be read and written", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("u");
    const field = page.getByLabel("Line from row,column to row,column");
    await field.fill("1,2 12,40");
    await field.press("Enter");
    await shows(() => field.inputValue(), "1,2 12,40");
    assert.ok(await field.evaluate((own) => own.scrollWidth <= own.clientWidth + 1));
    assert.deepEqual(await cutOff(page), []);
    await screenshot("room-line");
    await page.keyboard.press("Escape");
  });

  await step("on a phone every button of a tool is within reach", async () => {
    await page.setViewportSize({ width: 420, height: 900 });
    await page.locator("#map").focus();
    await page.keyboard.press("b");
    const apply = page.getByRole("button", { name: "Apply" });
    await apply.waitFor();
    assert.deepEqual(await cutOff(page), []);
    await screenshot("room-phone");
    await page.getByRole("button", { name: "Cancel", exact: true }).click({ timeout: 3000 });
    await apply.waitFor({ state: "detached" });
  });

  await step("nothing reaches beyond the edge of a small phone, and the file has its name", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(200);
    const beyond = await page.evaluate(() =>
      Array.from(document.querySelectorAll(".bar, .bar button, .pane > header, .pane > footer"))
        .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5)
        .map((part) => part.getAttribute("aria-label") ?? part.className)
    );
    assert.deepEqual(beyond, []);
    const name = (await page.locator("button.file b").boundingBox())!;
    assert.ok(name.width >= 30, `${name.width}`);
    await screenshot("room-small-phone");
  });

  await step("words on a map that is still to come are read on a ground of their own", async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    const held = await holdBack(page, /deflection/);
    await page.getByLabel("Maps of").selectOption("deflection");
    const words = page.locator(".missing", { hasText: "Reading the whole scan" }).locator("span");
    await words.waitFor();
    const ground = await words.evaluate((own) => getComputedStyle(own).backgroundColor);
    assert.match(ground, /^rgb\(/, "opaque");
    await screenshot("room-missing");
    await held.letGo();
  });
});
