/** Patterns beside each other: what one has and the other lacks, what was kept, and the mean over a drawn region. */

import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import {
  clickProbe,
  countsIn,
  dragMouse,
  pictureOf,
  pointAt,
  readout,
  shows,
} from "../../support/viewer_page.ts";
import { growthWords, patternAt, patternSide, scanColumns } from "../../support/viewer_scans.ts";

browserTest("comparing patterns", async (open, step, folder) => {
  const sizes = ["--pixel-size", "2 nm", "--q-pixel-size", "0.02 A^-1"];
  const words = [...growthWords, "--bad-pixels", "none", ...sizes];
  const { page, scan, labels, screenshot } = await openFilm(open, folder, { words });
  const choice = page.getByLabel("What the upper picture shows"), at = { row: 12, column: 20 };
  /** Counts that the upper pattern has at a pixel. */
  const countsAbove = async () => {
    const { x, y } = await pointAt(page, at.row, at.column, "upper-pattern");
    await page.mouse.move(x, y);
    return countsIn((await readout(page, ".reciprocal")).replace("−", "-").replace(/; -/, "; "));
  };
  const pixel = at.row * patternSide + at.column;
  const mean = (probes: readonly number[]) =>
    probes.reduce(
      (sum, probe) => sum + patternAt(scan, Math.floor(probe / scanColumns), probe % scanColumns)[pixel],
      0,
    ) / probes.length;
  const close = (expected: number) => (value: number) =>
    Math.abs(Math.abs(value) - Math.abs(expected)) < (Math.abs(expected) >= 100 ? 0.6 : 0.06);

  await step("the mean over a drawn region is that of its patterns, and the mask stays", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("r");
    await dragMouse(page, [await pointAt(page, 3.5, 4.5), await pointAt(page, 9.5, 12.5)]);
    await page.getByRole("button", { name: "Mean pattern" }).click();
    const probes: number[] = [];
    for (let row = 4; row < 10; row++) {
      for (let column = 5; column < 13; column++) probes.push(row * scanColumns + column);
    }
    await shows(
      () => page.locator("figcaption").first().innerText(),
      /Mean of the region[\s\S]*of 48 patterns/,
    );
    await shows(countsAbove, close(mean(probes)));
    assert.ok(await page.getByRole("button", { name: "Undo", exact: true }).isDisabled());
    await screenshot("comparing-region");
  });

  await step("a pattern is kept as A, another as B, and both come back unchanged", async () => {
    await page.getByRole("button", { name: "Pin the upper pattern" }).click();
    const kept = await countsAbove();
    await clickProbe(page, 34, 9);
    await shows(
      () => page.locator("figcaption").nth(1).innerText(),
      /^Probe \(34, 9\)\s+[\d\u202f]+ counts/,
    );
    await page.getByRole("button", { name: "Pin the pattern at the probe" }).click();
    await clickProbe(page, 7, 38);
    await choice.selectOption("pinA");
    await shows(countsAbove, kept);
    await shows(() => choice.locator("option:checked").innerText(), "A: Mean of the region");
    await choice.selectOption("pinB");
    await shows(countsAbove, patternAt(scan, 34, 9)[pixel]);
    await page.getByRole("button", { name: "Unpin" }).click();
    await shows(
      () => choice.locator("option").allInnerTexts(),
      (names) => !names.some((name) => /^[AB]:/.test(name)),
    );
  });

  await step("distances on the map by a drag, spacings and angle on a pattern by two clicks", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("u");
    await dragMouse(page, [await pointAt(page, 10, 10), await pointAt(page, 13, 14)]);
    await shows(() => readout(page), /^distance 10 nm, 5\.0 probes; down from the right 36\.9°$/);
    const centre = { row: (patternSide - 1) / 2, column: (patternSide - 1) / 2 };
    for (const [down, right] of [[0, 10], [-5, 0]]) {
      const { x, y } = await pointAt(page, centre.row + down, centre.column + right, "upper-pattern");
      // At these very places, not at the peaks beside them.
      await page.keyboard.down("Alt");
      await page.mouse.click(x, y);
      await page.keyboard.up("Alt");
    }
    await page.mouse.move(5, 5);
    // 1 / (10 * 0.02) and 1 / (5 * 0.02) about the middle, but for where the direct beam was found to lie.
    await shows(() => readout(page, ".reciprocal"), (text) => {
      const [, one, other, angle, apart] =
        /; ([\d.]+) and ([\d.]+) Å; angle ([\d.]+)°; apart ([\d.]+) Å⁻¹$/.exec(text) ?? [];
      return Math.abs(Number(one) - 5) < 0.5 && Math.abs(Number(other) - 10) < 2 &&
        Math.abs(Number(angle) - 90) < 8 && Math.abs(Number(apart) - Math.hypot(10, 5) * 0.02) < 0.002;
    });
    await screenshot("comparing-measured");
    await page.keyboard.press("v");
    await shows(() => readout(page), /^row /);
  });

  await step("radii of detectors are said in the unit of the pattern", async () => {
    await page.getByRole("radio", { name: "Virtual detector: annulus" }).click();
    await shows(() => page.locator(".real div.legend.values").innerText(), /0\.064 to 0\.288 Å⁻¹/);
    await page.getByRole("radio", { name: "No detector: read values" }).click();
    await page.locator("#map").focus();
    await page.keyboard.press("1");
  });

  await step("the average less the pattern at the probe, about zero, follows the probe", async () => {
    await choice.selectOption("difference");
    const own = labels[7 * scanColumns + 38];
    const average = mean(Array.from(labels.keys()).filter((probe) => labels[probe] === own));
    await shows(countsAbove, close(average - patternAt(scan, 7, 38)[pixel]));
    await shows(
      () => page.locator("figcaption").first().innerText(),
      /− probe[\s\S]*−[\d.\u202f]+ to [\d.\u202f]+ counts/,
    );
    await screenshot("comparing-difference");
    // It has a contrast of its own, about zero.
    const patterns = page.getByRole("button", { name: "Colours and contrast" });
    const ends = async () =>
      /−([\d.\u202f]+) to ([\d.\u202f]+) counts/
        .exec(await page.locator("figcaption").first().innerText())!.slice(1);
    const [usual] = await ends();
    await patterns.click();
    await page.getByRole("slider", { name: "Highest colour of the difference" }).focus();
    await page.keyboard.press("PageDown");
    await shows(ends, ([low, high]) => low === high && low !== usual);
    await page.keyboard.press("Escape");
    await page.mouse.move(5, 5);
    const box = (await page.locator("#upper-pattern").boundingBox())!, before = await pictureOf(page, box);
    await page.locator("#map").focus();
    await page.keyboard.press("ArrowRight");
    await shows(countsAbove, close(average - patternAt(scan, 7, 39)[pixel]));
    await page.mouse.move(5, 5);
    await shows(async () => await pictureOf(page, box) !== before, true);
  });
});
