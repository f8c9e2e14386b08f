/** Measuring: profiles along lines and over rings, transforms, contrast by hand, shifts of the centre of mass. */

import assert from "node:assert/strict";
import { decode } from "fast-png";
import { lineProfile } from "../../../library/measuring/line_profile.ts";
import { radialProfile } from "../../../library/measuring/radial_profile.ts";
import { demandAccessible } from "../../support/axe.ts";
import { decodeNpy } from "../../support/numpy.ts";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import { smallTargets } from "../../support/page_rules.ts";
import { clickProbe, colourAt, dragMouse, pointAt, readout, shows } from "../../support/viewer_page.ts";
import { patternAt, patternSide, scanColumns, scanRows } from "../../support/viewer_scans.ts";

/** A table that was saved, without its first line. */
function numbersIn(text: string): number[][] {
  return text.trim().split("\n").slice(1).map((line) => line.split(",").map(Number));
}

browserTest("measuring", async (open, step, folder) => {
  const { page, scan, labels, screenshot } = await openFilm(open, folder, {
    context: { viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" },
  });
  const saved = async (name: string) => {
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: `Save ${name}` }).click();
    return Deno.readTextFileSync(await (await waiting).path());
  };
  const probe = patternAt(scan, 7, 38), shape = { rows: patternSide, columns: patternSide };

  await step("values along a line, by the pointer or in numbers, are those of the pattern", async () => {
    await clickProbe(page, 7, 38);
    await page.keyboard.press("u");
    await dragMouse(page, [
      await pointAt(page, 16, 3, "probe-pattern"),
      await pointAt(page, 16, 28, "probe-pattern"),
    ]);
    const slider = page.getByRole("slider", { name: "Place on the line" });
    const measures = page.locator(".reciprocal .measures");
    await shows(() => measures.innerText(), /angle [\d.]+°.*apart [\d.]+ px/s);
    assert.ok(await measures.evaluate((own) => own.scrollWidth <= own.clientWidth), "measures are cut off");
    await slider.waitFor();
    const field = page.getByLabel("Line from row,column to row,column");
    await shows(() => field.inputValue(), /^1[56](\.\d)?,[23](\.\d)? 1[56](\.\d)?,2[78](\.\d)?$/);
    await field.fill("16,3 5,28");
    await page.keyboard.press("Enter");
    await shows(() => field.inputValue(), "16,3 5,28");
    const line = { from: { row: 16, column: 3 }, to: { row: 5, column: 28 } };
    const expected = lineProfile(probe, shape, line);
    const numbers = numbersIn(await saved("line-profile.csv"));
    assert.equal(numbers.length, expected.values.length);
    numbers.forEach(([place, , value], at) => {
      assert.ok(
        Math.abs(place - at * expected.step) < 1e-6 && Math.abs(value - expected.values[at]) < 1e-3,
      );
    });
    await slider.focus();
    await page.keyboard.press("PageUp");
    await shows(() => slider.getAttribute("aria-valuenow"), "10");
  });

  await step("azimuthal means are read by a handle, whose ring is on the patterns", async () => {
    const slider = page.getByRole("slider", { name: "Radius on the patterns" });
    const numbers = numbersIn(await saved("radial-profile.csv"));
    const { center } = await page.evaluate(async () => {
      const id = (await (await fetch("/api/open", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ path: new URLSearchParams(location.search).get("open") }),
      })).json()) as { clustering: { center: { row: number; column: number } } };
      return { center: id.clustering.center };
    });
    const { mean } = radialProfile({ values: probe, ...shape, center });
    // Bad pixels, which a profile leaves out, are few: the median of the differences is nothing.
    const away = numbers.map(([, , value], ring) => Math.abs(value - mean[ring])).sort((a, b) => a - b);
    assert.ok(away[away.length >> 1] < 1e-3, away.join());
    await slider.focus();
    await page.keyboard.press("PageUp");
    await shows(() => slider.getAttribute("aria-valuetext"), /^10\.0 px: [\d.]+ and [\d.]+ counts$/);
    await demandAccessible(page, "profiles");
    assert.deepEqual(await smallTargets(page), []);
    await screenshot("measuring-profiles");
    await page.keyboard.press("Escape");
    await page.getByRole("slider", { name: "Similarity threshold" }).waitFor();
  });

  await step(
    "the transform of a pattern has its own read-out, and counts stay with the pattern",
    async () => {
      await page.getByLabel("What the upper picture shows").selectOption({ label: "FFT of the probe" });
      await shows(async () => {
        const { x, y } = await pointAt(page, 16, 20, "upper-pattern");
        await page.mouse.move(x, y);
        return readout(page, ".reciprocal");
      }, "every 8.0 px");
      await screenshot("measuring-transform");
    },
  );

  await step("every view leaves as it is seen, and as its numbers", async () => {
    await page.getByRole("tab", { name: "Export" }).click();
    const taken = async (name: string) => {
      const waiting = page.waitForEvent("download");
      await page.getByRole("button", { name, exact: true }).click();
      const download = await waiting;
      return { name: download.suggestedFilename(), bytes: await Deno.readFile(await download.path()) };
    };
    const numbers = await taken("Download Probe (7, 38) as npy");
    assert.equal(numbers.name, "result-probe-7-38.npy");
    const { data, shape: sides } = decodeNpy(numbers.bytes);
    assert.deepEqual([[...sides], Array.from(data as Float32Array)], [
      [patternSide, patternSide],
      Array.from(probe),
    ]);
    const tiff = await taken("Download FFT of the probe as TIFF");
    assert.deepEqual([tiff.bytes[0], tiff.bytes.length > 4 * patternSide ** 2], [0x49, true]);
    const ids = decodeNpy((await taken("Download Map: clusters as npy")).bytes);
    assert.deepEqual(Array.from(ids.data as Int32Array), Array.from(labels));
    const seen = decode((await taken("Download Map: clusters as PNG")).bytes);
    const canvas = await page.locator("#map").evaluate((own) => (own as HTMLCanvasElement).width);
    assert.equal(seen.width, canvas);
    const { x, y } = await pointAt(page, 34, 44), box = (await page.locator("#map").boundingBox())!;
    const at = seen.channels * (Math.round(y - box.y) * seen.width + Math.round(x - box.x));
    const colour = Array.from(
      seen.data.subarray(at, at + 3),
      (value) => value.toString(16).padStart(2, "0"),
    );
    assert.equal(colour.join(""), await colourAt(page, 34, 44));
    await demandAccessible(page, "what is shown");
    assert.deepEqual(await smallTargets(page), []);
    await screenshot("measuring-leaving");
    await page.getByRole("tab", { name: /^Clusters/ }).click();
  });

  await step("contrast is chosen on a histogram, on the map and on the patterns", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("3");
    const button = page.getByRole("button", { name: "Contrast of the map" });
    const legend = page.locator(".real div.legend");
    await shows(() => legend.innerText(), (text) => /counts/.test(text) && !/draft|coarse/.test(text));
    const before = await button.innerText();
    await button.click();
    const high = page.getByRole("slider", { name: "Highest colour" });
    await high.focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press("PageDown");
    await shows(() => button.innerText(), (text) => text !== before);
    await shows(() => colourAt(page, 34, 44), "ffffff");
    await demandAccessible(page, "contrast of the map");
    assert.deepEqual(await smallTargets(page), []);
    await screenshot("measuring-contrast");
    const chosen = await button.innerText();
    await page.waitForURL(/contrast=virtual(%3A|:)[\d.]+(%3A|:)[\d.]+/);
    await page.reload();
    await shows(() => button.innerText(), chosen);
    await button.click();
    await page.getByRole("button", { name: "Automatic" }).click();
    await shows(() => button.innerText(), before);
    await page.keyboard.press("Escape");
    const patterns = page.getByRole("button", { name: "Colours and contrast" });
    const own = await patterns.innerText();
    await patterns.click();
    await page.getByRole("slider", { name: "Highest colour" }).focus();
    await page.keyboard.press("PageDown");
    await shows(() => patterns.innerText(), (text) => text !== own);
    await page.getByRole("button", { name: "Automatic" }).click();
    await shows(() => patterns.innerText(), own);
    await page.keyboard.press("Escape");
  });

  await step("shifts of the centre of mass are those of the patterns, less their mean", async () => {
    await page.getByLabel("Maps of").selectOption("deflection");
    await shows(() => page.locator(".real div.legend").innerText(), /whole pattern\s+less the mean/);
    const { x, y } = await pointAt(page, 20, 30);
    await page.mouse.move(x, y);
    await shows(() => readout(page), /CoM right −?\d/);
    const said = Number(/CoM right (\S+) px/.exec(await readout(page))![1].replace("−", "-"));
    // Of all patterns as they were recorded: few bad pixels change little.
    const right = Array.from({ length: scanRows * scanColumns }, (_, at) => {
      let sum = 0, moment = 0;
      patternAt(scan, Math.floor(at / scanColumns), at % scanColumns).forEach((count, pixel) => {
        sum += count;
        moment += count * (pixel % patternSide);
      });
      return moment / sum;
    });
    const mean = right.reduce((sum, value) => sum + value) / right.length;
    assert.ok(Math.abs(said - (right[20 * scanColumns + 30] - mean)) < 0.1, `${said}`);
    await page.keyboard.press("4");
    await shows(() => page.locator(".real div.legend").innerText(), /px × probes/);
    await screenshot("measuring-icom");
    await page.waitForURL(/view=com-integrated/);
  });
});
