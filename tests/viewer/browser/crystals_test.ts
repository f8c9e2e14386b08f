/** Orientation and strain on the page: the numbers of the files under the pointer, colours, spots, and other clusters. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { readStoredArray } from "../../../library/results/stored_array.ts";
import type { SpotsAnswer } from "../../../viewer/protocol/crystals.ts";
import { browserTest } from "../../support/browser.ts";
import { contrastFaults, namelessControls, smallTargets } from "../../support/page_rules.ts";
import {
  clickProbe,
  colourAt,
  dragMouse,
  pictureOf,
  pointAt,
  readout,
  selectedOptions,
  showFile,
  shows,
} from "../../support/viewer_page.ts";
import { goldColumns, goldRows, writeOriented } from "../../support/viewer_scans.ts";

const window = { viewport: { width: 1440, height: 900 }, colorScheme: "dark" } as const;
const row = 4, column = 6, probe = row * goldColumns + column;

/** What the page writes in place of a number of the files. */
const written = (value: number) => value.toFixed(3).replace("-", "\u2212");

browserTest("looking at orientations and strain", async (open, step, folder) => {
  const result = await writeOriented(folder), shape = [goldRows, goldColumns];
  const strain = readStoredArray(join(result, "strain.npy"), "f32", [...shape, 4]);
  const dilation = readStoredArray(join(result, "dilation.npy"), "f32", shape);
  const labels = readStoredArray(join(result, "labels.npy"), "i32", shape);
  // A probe that was not measured: the last one.
  strain.fill(NaN, strain.length - 4);
  dilation.fill(NaN, dilation.length - 1);
  Deno.writeFileSync(join(result, "strain.npy"), encodeNpy("f32", [...shape, 4], strain));
  Deno.writeFileSync(join(result, "dilation.npy"), encodeNpy("f32", shape, dilation));
  const [names, ...lines] = Deno.readTextFileSync(join(result, "orientations.csv")).trim().split("\n")
    .map((line) => line.split(","));
  const field = (name: string) => lines[labels[probe]][names.indexOf(name)];
  const { page, screenshot } = await open({ args: [folder], context: window });
  const line = page.getByLabel("Crystal", { exact: true });
  const maps = page.getByLabel("Maps of");
  const point = async () => {
    const { x, y } = await pointAt(page, row, column);
    await page.mouse.move(x, y);
  };
  const view = (name: string) => page.getByRole("radio", { name, exact: true });

  /** What every state of the page must keep. */
  const rules = async () => {
    await page.waitForTimeout(150);
    assert.deepEqual(await contrastFaults(page), []);
    assert.deepEqual(await smallTargets(page), []);
    assert.deepEqual(await namelessControls(page, page.context()), []);
  };

  // What the server says of spots and of the direct beam, as it comes.
  let spots: SpotsAnswer | null = null, center: { row: number; column: number } | null = null;
  page.on("response", async (response) => {
    const { pathname } = new URL(response.url());
    if (/\/spots$/.test(pathname)) spots = await response.json();
    if (pathname === "/api/open" && response.ok()) {
      center = (await response.json()).clustering?.center ?? center;
    }
  });
  await showFile(page, result);

  await step("G goes on to orientation, where the pointer reads phase, zone axis and angles", async () => {
    await page.keyboard.press("g");
    await shows(() => maps.inputValue(), "deflection");
    await page.keyboard.press("g");
    await shows(() => maps.inputValue(), "orientation");
    await shows(() => view("In plane").getAttribute("aria-checked"), "true");
    await point();
    const angles = ["phi1", "Phi", "phi2"].map((name) => `${field(name)}°`).join(" ");
    const axis = field("zone_axis").replaceAll("-", "\u2212");
    await shows(() => line.textContent(), (text) => {
      return text!.includes(field("phase")) && text!.includes(`zone axis ${axis}`) &&
        text!.includes(`Euler ${angles}`);
    });
    await screenshot("crystals-in-plane");
  });

  await step("phase and zone axis stand beside the list, in the colour of the map", async () => {
    const label = labels[probe], axis = field("zone_axis").replaceAll("-", "\u2212");
    const own = page.getByRole("option", { name: new RegExp(`^Cluster ${label}\\b`) });
    await shows(() => own.locator(".place").innerText(), `${axis} ${field("phase")}`);
    const hexadecimal = async () =>
      (await own.locator(".place .chip").evaluate((chip) => getComputedStyle(chip).backgroundColor))
        .match(/\d+/g)!.map((value) => Number(value).toString(16).padStart(2, "0")).join("");
    await shows(
      async () => [await hexadecimal(), await colourAt(page, row, column)],
      ([beside, onMap]) => beside === onMap,
    );
    await own.click();
    await shows(
      () => page.locator(".list-actions p").first().innerText(),
      (text) => text.includes(`${field("phase")}, zone axis ${axis}`),
    );
    await page.keyboard.press("Escape");
    await point();
  });

  await step("strain is that of the arrays, in percent and degrees", async () => {
    const [xx, yy, xy, rotation] = strain.subarray(4 * probe, 4 * probe + 4);
    const numbers = [
      ...[["e_xx", 100 * xx], ["e_yy", 100 * yy], ["e_xy", 100 * xy], ["dilation", 100 * dilation[probe]]]
        .map(([name, value]) => `${name} ${written(value as number)}\u202f%`),
      `rotation ${written(rotation * 180 / Math.PI)}°`,
    ];
    await shows(() => line.textContent(), (text) => numbers.every((number) => text!.includes(number)));
  });

  await step("on a phone the views of a map have their room, and all tools too", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const group of ["strain", "orientation"]) {
      await maps.selectOption(group);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, group);
      const stage = (await page.locator(".stage").boundingBox())!;
      const last = (await page.locator(".rail button").last().boundingBox())!;
      assert.ok(last.y + last.height <= stage.y + stage.height, JSON.stringify([group, last, stage]));
      await rules();
    }
    await page.setViewportSize(window.viewport);
  });

  await step("the key names the corners of the wedge, and Escape closes it", async () => {
    await page.getByRole("button", { name: "Colour key" }).click();
    await rules();
    const key = page.getByRole("img", { name: /Laue class m-3m, between \[0 0 1\], \[0 1 1\], \[1 1 1\]/ });
    await key.waitFor();
    await page.keyboard.press("Escape");
    await key.waitFor({ state: "detached" });
  });

  await step("every map is a picture of its own with what its colours mean", async () => {
    const seen = new Set<string>();
    for (const [group, count] of [["orientation", 4], ["strain", 5]] as const) {
      await maps.selectOption(group);
      await page.locator("body").press("Escape");
      for (let key = 1; key <= count; key++) {
        await page.keyboard.press(String(key));
        await page.locator(`.real .segments button:nth-child(${key})[aria-checked="true"]`).waitFor();
        await page.locator(".real .legend").last().waitFor();
        await page.waitForTimeout(120);
        seen.add(await pictureOf(page, (await page.locator("#map").boundingBox())!));
      }
    }
    assert.equal(seen.size, 9);
  });

  await step(
    "colours are chosen on a histogram with two handles, about zero until they are freed",
    async () => {
      await view("Dilation").click();
      const button = page.getByRole("button", { name: "Contrast of the map" });
      await button.click();
      const handle = (which: string) => page.getByRole("slider", { name: `${which} colour`, exact: true });
      const end = async (which: string) => Number(await handle(which).getAttribute("aria-valuenow"));
      const locked = page.getByRole("checkbox", { name: "Symmetric about zero" });
      const before = await end("Highest");
      assert.equal(await end("Lowest"), -before);
      assert.ok(await locked.isChecked());
      await rules();
      await handle("Highest").focus();
      await page.keyboard.press("PageDown");
      await shows(() => end("Highest"), (now) => now < before);
      assert.equal(await end("Lowest"), -await end("Highest"));
      // The lowest is dragged to the left end of the plot, which reaches to twice what is usual; the highest follows.
      const plot = (await page.locator(".contrast .plot").boundingBox())!, y = plot.y + plot.height / 2;
      await dragMouse(page, [{ x: plot.x + plot.width * 0.3, y }, { x: plot.x + 13, y }]);
      await shows(() => end("Lowest"), (now) => Math.abs(now / before + 2) < 0.02);
      assert.equal(await end("Highest"), -await end("Lowest"));
      await page.getByRole("button", { name: "Switch between dark and light" }).click();
      await button.click();
      await rules();
      // Freed, each end goes by itself.
      await locked.uncheck();
      const lowest = await end("Lowest");
      await handle("Highest").focus();
      await page.keyboard.press("PageDown");
      await shows(() => end("Highest"), (now) => now < -lowest);
      assert.equal(await end("Lowest"), lowest);
      await shows(() => Promise.resolve(page.url()), /contrast=dilation%3A-[\d.e-]+%3A[\d.e-]+/);
      await locked.check();
      await shows(() => end("Highest"), -lowest);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Switch between dark and light" }).click();
      await button.click();
      await page.getByRole("button", { name: "Automatic" }).click();
      await shows(() => end("Highest"), before);
      const field = page.getByLabel("Value of the highest colour");
      await field.fill("0.001");
      await field.press("Enter");
      await shows(() => end("Highest"), 0.00001);
      await page.keyboard.press("Escape");
      await page.locator(".contrast").waitFor({ state: "detached" });
      // All colours are at their ends now.
      await shows(() => colourAt(page, row, column), dilation[probe] > 0 ? "743a08" : "15417e");
      await shows(() => Promise.resolve(page.url()), /contrast=dilation%3A-0\.00001%3A0\.00001/);
      // What was not measured is grey, and says so.
      assert.equal(await colourAt(page, goldRows - 1, goldColumns - 1), "5a5c61");
      const last = await pointAt(page, goldRows - 1, goldColumns - 1);
      await page.mouse.move(last.x, last.y);
      await shows(() => line.textContent(), /strain not measured/);
      await screenshot("crystals-dilation");
    },
  );

  await step("a click shows the measured peaks and the spots on the cluster's average", async () => {
    await clickProbe(page, row, column);
    const upper = page.locator("#upper-pattern");
    await shows(
      () => upper.getAttribute("aria-label"),
      new RegExp(`^Upper pattern, \\d+ measured peaks, \\d+ spots of ${field("phase")}, zone axis `),
    );
    const toggle = page.getByRole("checkbox", { name: "Peaks and spots" });
    const box = (await upper.boundingBox())!;
    await page.mouse.move(5, 5);
    await page.waitForTimeout(150);
    const marked = await pictureOf(page, box);
    await page.locator("#map").focus();
    await page.keyboard.press("k");
    await shows(() => toggle.isChecked(), false);
    await shows(() => upper.getAttribute("aria-label"), "Upper pattern");
    await shows(() => pictureOf(page, box), (now) => now !== marked);
    await page.keyboard.press("k");
    await shows(() => pictureOf(page, box), marked);
  });

  await step(
    "what is clicked on a pattern goes to its peak, and is told by its indices and zone axis",
    async () => {
      await shows(() => Promise.resolve(spots !== null && center !== null), true);
      const { measured, spots: calculated, crystal } = spots as unknown as SpotsAnswer;
      // A spot of the lowest shells, and the peak that was measured there.
      const [spot, peak] = calculated.filter(({ low, indices }) => low && indices.some(Boolean)).map((
        spot,
      ) =>
        [
          spot,
          measured.find((peak) => Math.hypot(peak.row - spot.row, peak.column - spot.column) < 1),
        ] as const
      ).find(([, peak]) => peak)!;
      const far = (row: number, column: number) => Math.hypot(row - center!.row, column - center!.column);
      const beside = { row: peak!.row + 0.8 * Math.sign(peak!.row - center!.row), column: peak!.column };
      await page.locator("#map").focus();
      await page.keyboard.press("u");
      const clickBeside = async (canvas: string, modifier?: "Alt") => {
        const { x, y } = await pointAt(page, beside.row, beside.column, canvas);
        if (modifier) await page.keyboard.down(modifier);
        await page.mouse.click(x, y);
        if (modifier) await page.keyboard.up(modifier);
      };
      const said = () => readout(page, ".reciprocal");
      const lengths = async () =>
        /\|q\| ([\d.]+)(?: and ([\d.]+))? px/.exec(await said())!.slice(1)
          .filter((text) => text !== undefined).map(Number);
      const indices = `(${spot.indices.join(" ").replaceAll("-", "\u2212")})`;
      await clickBeside("upper-pattern");
      await shows(
        said,
        (text) => text.includes(`hkl ${indices}; zone axis [`) && text.endsWith(`] of ${crystal!.name}`),
      );
      await shows(said, (text) => text.includes(crystal!.zoneAxis.replaceAll("-", "\u2212")));
      // Between the pixels, as far from the direct beam as the peak in the file, not as where it was clicked.
      const atPeak = far(peak!.row, peak!.column), clicked = far(beside.row, beside.column);
      assert.ok(Math.abs(clicked - atPeak) > 0.3);
      await shows(lengths, ([q]) => Math.abs(q - atPeak) <= 0.051);
      // The second click ends the line; with Alt it stays where it is.
      await clickBeside("upper-pattern", "Alt");
      await shows(lengths, ([, q]) => Math.abs(q - clicked) < 0.3 && Math.abs(q - atPeak) > 0.2);
      // Nothing of it is cut off, nor of what stands above the patterns.
      for (const part of [".reciprocal .readout", ".reciprocal > header"]) {
        const [wide, across, tall, down] = await page.locator(part).evaluate((
          own,
        ) => [own.scrollWidth, own.clientWidth, own.scrollHeight, own.clientHeight]);
        assert.ok(wide <= across + 1 && tall <= down + 1, `${part}: ${[wide, across, tall, down]}`);
      }
      await screenshot("crystals-measured");
      // The pattern at the probe has the same peak, found in its own counts.
      await clickBeside("probe-pattern");
      await shows(lengths, ([q, ...others]) => others.length === 0 && Math.abs(q - atPeak) < 0.4);
      await shows(said, (text) => text.includes(`hkl ${indices}`));
      await clickBeside("probe-pattern");
      await page.getByRole("checkbox", { name: "Measure at peaks" }).uncheck();
      await clickBeside("probe-pattern");
      await shows(lengths, ([q, ...others]) => others.length === 0 && Math.abs(q - clicked) < 0.3);
      await page.getByRole("checkbox", { name: "Measure at peaks" }).check();
      await page.mouse.move(5, 5);
      await rules();
      await page.locator("#map").focus();
      await page.keyboard.press("v");
    },
  );

  await step(
    "other clusters than those of the result have no orientations, and undo brings these back",
    async () => {
      await shows(() => selectedOptions(page).count(), 1);
      await page.keyboard.press("x");
      const said = page.getByText("belong to the clusters of the result, not to these");
      await said.waitFor();
      await screenshot("crystals-other-clusters");
      await page.getByRole("button", { name: "Clusters of the result" }).click();
      await said.waitFor({ state: "detached" });
      await point();
      await shows(() => line.textContent(), /zone axis/);
      await page.keyboard.press("Control+z");
      await said.waitFor();
      await page.keyboard.press("Control+z");
      await said.waitFor({ state: "detached" });
    },
  );

  await step("the address leads back to the map, and a scan has no such maps", async () => {
    const address = page.url();
    await showFile(page, join(folder, "gold.npy"), { view: "dilation" });
    const groups = () =>
      maps.locator("option").evaluateAll((all) => all.map((one) => one.getAttribute("value")));
    await shows(groups, (names) => !names.some((name) => ["orientation", "strain"].includes(name!)));
    await page.goto(address);
    await shows(() => view("Dilation").getAttribute("aria-checked"), "true");
  });
});
