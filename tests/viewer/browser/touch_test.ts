/** Fingers on map and patterns: a pinch zooms, a drag goes on as by the mouse, and a long press reads values out. */

import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import { openFilm, usualWindow } from "../../support/film_page.ts";
import { nearly, pointAt, readout, selectedOptions, shows } from "../../support/viewer_page.ts";
import { patternAt, patternSide } from "../../support/viewer_scans.ts";

browserTest("touch", async (open, step, folder) => {
  const { page, scan, screenshot } = await openFilm(open, folder, {
    context: { ...usualWindow, hasTouch: true },
    words: ["--blur", "1", "--q-mask", "outside:4", "--threshold", "0.985", "--bad-pixels", "none"],
  });
  const session = await page.context().newCDPSession(page);
  type Point = { readonly x: number; readonly y: number };
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...fingers: readonly Point[]) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: fingers.map((finger, id) => ({ ...finger, id })),
    });
  const zoomOf = (canvas: string) =>
    page.locator(`#${canvas}[data-scale]`).evaluate((own) => Number((own as HTMLElement).dataset.scale));
  const probeAt = async () =>
    /probe at row (\d+), column (\d+)/.exec(
      (await page.locator("#map").getAttribute("aria-label"))!,
    )!.slice(1).map(Number);
  /** Two fingers about a point go from one distance to another. */
  const pinch = async ({ x, y }: Point, from: number, to: number) => {
    const fingers = (apart: number) => [{ x: x - apart / 2, y }, { x: x + apart / 2, y }];
    await touch("touchStart", fingers(from)[0]);
    await touch("touchStart", ...fingers(from));
    for (let part = 1; part <= 5; part++) {
      await touch("touchMove", ...fingers(from + (to - from) * part / 5));
    }
    await touch("touchEnd", fingers(to)[0]);
    await touch("touchEnd");
  };

  await step("a tap selects, and a drag takes the probe along", async () => {
    const { x, y } = await pointAt(page, 7, 38), end = await pointAt(page, 30, 20);
    await page.touchscreen.tap(x, y);
    await shows(probeAt, [7, 38]);
    await shows(() => selectedOptions(page).count(), 1);
    await touch("touchStart", { x, y });
    await touch("touchMove", { x: (x + end.x) / 2, y: (y + end.y) / 2 });
    await touch("touchMove", end);
    await touch("touchEnd");
    await shows(probeAt, [30, 20]);
  });

  for (const [canvas, row, column] of [["map", 20, 24], ["upper-pattern", 12, 20]] as const) {
    await step(`a pinch zooms the ${canvas} about its middle, and back to all`, async () => {
      const before = await zoomOf(canvas), middle = await pointAt(page, row, column, canvas);
      await pinch(middle, 60, 180);
      await shows(async () => Math.abs(await zoomOf(canvas) / before - 3) < 0.1, true);
      const after = await pointAt(page, row, column, canvas);
      assert.ok(Math.hypot(after.x - middle.x, after.y - middle.y) < 3, JSON.stringify([middle, after]));
      await screenshot(`touch-${canvas}`);
      await pinch(middle, 200, 40);
      await shows(() => zoomOf(canvas), before);
    });
  }

  await step("a pinch draws nothing, whatever the tool", async () => {
    for (const key of ["r", "p", "b"]) {
      await page.locator("#map").focus();
      await page.keyboard.press(key);
      await pinch(await pointAt(page, 20, 24), 60, 120);
      await pinch(await pointAt(page, 20, 24), 200, 40);
      assert.ok(await page.getByRole("button", { name: /^(New cluster|Split off)$/ }).isDisabled(), key);
      await page.keyboard.press("Escape");
    }
  });

  await step("a long press reads values out, and moves no probe", async () => {
    const [first, second] = [await pointAt(page, 7, 38), await pointAt(page, 12, 30)];
    await touch("touchStart", first);
    await shows(() => readout(page), /^row 7 column 38;/);
    await page.waitForTimeout(700);
    await touch("touchMove", second);
    await shows(() => readout(page), /^row 12 column 30;/);
    await touch("touchEnd");
    assert.deepEqual(await probeAt(), [7, 38]);
    assert.match(await readout(page), /^row 12 column 30;/);
    const { x, y } = await pointAt(page, 12, 20, "probe-pattern");
    await touch("touchStart", { x, y });
    await shows(
      () => readout(page, ".reciprocal"),
      (text) => /counts$/.test(text) && nearly(patternAt(scan, 7, 38)[12 * patternSide + 20])(text),
    );
    await touch("touchEnd");
    assert.match(await readout(page, ".reciprocal"), /counts$/);
  });
});
