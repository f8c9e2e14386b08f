import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeParts } from "../../../viewer/protocol/parts.ts";
import { readStoredArray } from "../../../library/results/stored_array.ts";
import { browserTest } from "../../support/browser.ts";
import { crystallite } from "../../support/command_line.ts";
import { colourAt, dragMouse, pointAt, readout, showFile, shows } from "../../support/viewer_page.ts";
import { sameNumbers, scanColumns, scanRows, writeScan } from "../../support/viewer_scans.ts";

interface Detector {
  readonly kind: string;
  readonly row: number;
  readonly column: number;
  readonly inner: number;
  readonly outer: number;
}

/** The detector that the address names; radii and positions in pixels. */
function detectorIn(address: string): Detector {
  const words = new URL(address).searchParams.get("detector") ?? "";
  const [, kind, numbers] = /^(\w+):(.*)$/.exec(words)!;
  const [row, column, inner, outer] = numbers.split(",").map(Number);
  return { kind, row, column, inner, outer };
}

browserTest("virtual detectors", async (open, step, folder) => {
  const scan = await writeScan(folder, "film.npy", undefined, 0);
  const { page, screenshot } = await open({
    args: [folder],
    context: { viewport: { width: 1440, height: 900 } },
  });
  const legend = page.locator(".real div.legend");
  const choose = (name: string) => page.getByRole("radio", { name }).click();
  /** Waits until the address has a detector that fits. */
  const detectorIs = async (fits: (detector: Detector) => boolean) => {
    await shows(() => Promise.resolve(page.url()), (address) => fits(detectorIn(address)));
    return detectorIn(page.url());
  };
  /** Sums of the counts within the detector at a probe. */
  const sumAt = (row: number, column: number, { row: y, column: x, inner, outer }: Detector) => {
    let sum = 0;
    for (let pixel = 0; pixel < 1024; pixel++) {
      const distance = Math.hypot(Math.floor(pixel / 32) - y, pixel % 32 - x);
      if (distance >= inner && distance <= outer) {
        sum += scan.data[(row * scanColumns + column) * 1024 + pixel];
      }
    }
    return sum;
  };
  /** The read-out at some probes is the sum within the detector; an exact image, no draft. */
  const imageIs = async (detector: Detector) => {
    await shows(() => legend.innerText(), (text) => /counts/.test(text) && !/draft/.test(text));
    for (const [row, column] of [[3, 5], [20, 24], [39, 47]]) {
      const { x, y } = await pointAt(page, row, column);
      await page.mouse.move(x, y);
      // The address rounds to hundredths of a pixel: pixels on the edge may be in or out.
      const [least, most] = [0.015, -0.015].map((inwards) =>
        sumAt(row, column, {
          ...detector,
          inner: detector.inner === 0 ? 0 : detector.inner + inwards,
          outer: detector.outer - inwards,
        })
      );
      await shows(() => readout(page), (text) => {
        const shown = Number(/([\d.]+) counts$/.exec(text.replaceAll("\u202f", ""))![1]);
        return text.startsWith(`row ${row} column ${column};`) && shown >= 0.999 * least &&
          shown <= 1.001 * most;
      });
    }
  };
  await showFile(page, scan.path);

  await step("a disk lies on the beam, follows the mouse, and the image follows it", async () => {
    await choose("Virtual detector: disk");
    await shows(
      () => page.getByRole("radio", { name: "Virtual image" }).getAttribute("aria-checked"),
      "true",
    );
    const before = await detectorIs(({ kind }) => kind === "disk");
    await imageIs(before);
    await shows(() => legend.innerText(), new RegExp(`${before.outer.toFixed(1)} px`));
    const colour = await colourAt(page, 3, 5);
    await dragMouse(page, [
      await pointAt(page, before.row, before.column, "probe-pattern"),
      await pointAt(page, before.row - 8, before.column + 9, "probe-pattern"),
    ], 12);
    const after = await detectorIs(({ row }) => Math.abs(row - before.row + 8) < 0.2);
    assert.ok(
      Math.abs(after.column - before.column - 9) < 0.2 && after.outer === before.outer,
      JSON.stringify(after),
    );
    await imageIs(after);
    await page.mouse.move(5, 5);
    assert.notEqual(await colourAt(page, 3, 5), colour);
    await screenshot("detector-disk");
  });

  await step("it is dragged over a pattern that is not there yet, too (case 14)", async () => {
    await page.getByLabel("What the upper picture shows").selectOption("cluster");
    await page.getByText("After a run, click a cluster to see its average.").waitFor();
    const before = detectorIn(page.url());
    await dragMouse(page, [
      await pointAt(page, before.row, before.column, "upper-pattern"),
      await pointAt(page, before.row + 8, before.column - 9, "upper-pattern"),
    ], 12);
    const after = await detectorIs(({ row }) => Math.abs(row - before.row - 8) < 0.2);
    await imageIs(after);
  });

  await step("its edge changes the radius, on the other pattern too", async () => {
    await page.getByLabel("What the upper picture shows").selectOption("mean");
    const before = detectorIn(page.url());
    await dragMouse(page, [
      await pointAt(page, before.row, before.column + before.outer, "upper-pattern"),
      await pointAt(page, before.row, before.column + 5, "upper-pattern"),
    ]);
    const after = await detectorIs(({ outer }) => Math.abs(outer - 5) < 0.2);
    assert.deepEqual([after.row, after.column], [before.row, before.column]);
    await imageIs(after);
  });

  await step("a ring has two edges", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("a");
    const before = await detectorIs(({ kind }) => kind === "annulus");
    await dragMouse(page, [
      await pointAt(page, before.row, before.column + before.inner, "probe-pattern"),
      await pointAt(page, before.row, before.column + 7, "probe-pattern"),
    ]);
    const after = await detectorIs(({ inner }) => Math.abs(inner - 7) < 0.2);
    assert.equal(after.outer, before.outer);
    await imageIs(after);
    await screenshot("detector-annulus");
  });

  await step("keys move it and change its radii", async () => {
    const before = detectorIn(page.url());
    await page.locator("#probe-pattern").focus();
    for (const key of ["ArrowUp", "ArrowRight", "ArrowRight", "-", "-", ">"]) {
      await page.keyboard.press(key);
    }
    const after = await detectorIs(({ outer }) => Math.abs(outer - before.outer + 1) < 0.02);
    for (
      const [found, expected] of [
        [after.row, before.row - 1],
        [after.column, before.column + 2],
        [after.inner, before.inner + 0.5],
      ]
    ) assert.ok(Math.abs(found - expected) < 0.02, `${found} for ${expected}`);
    await imageIs(after);
  });

  await step("the image is that of the command line", async () => {
    const detector = detectorIn(page.url()), out = join(folder, "virtual.npy");
    const answer = await page.evaluate(async ({ row, column, inner, outer }) => {
      const entries = performance.getEntriesByType("resource").map(({ name }) => name);
      const [, id] = /\/api\/items\/(\w+)\//.exec(entries.find((name) => /\/api\/items\//.test(name))!)!;
      const response = await fetch(`/api/items/${id}/virtual`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ detector: { row, column, inner, outer } }),
      });
      return Array.from(new Uint8Array(await response.arrayBuffer()));
    }, detector);
    const { code, error } = await crystallite(
      ...["virtual", scan.path, "--out", out],
      ...["--q-center", `${detector.row},${detector.column}`],
      ...["--detector", `adf:${detector.inner},${detector.outer}`],
    );
    assert.equal(code, 0, error);
    const expected = readStoredArray(out, "f32", [scanRows, scanColumns]);
    const { arrays } = decodeParts(Uint8Array.from(answer).buffer);
    sameNumbers(arrays.image, expected);
  });

  await step("it can be used as the q mask of the next run", async () => {
    const { row, column, inner, outer } = detectorIn(page.url());
    await page.getByRole("tab", { name: "Parameters" }).click();
    await page.getByRole("button", { name: "Use the drawn detector" }).click();
    await shows(() => page.getByLabel("Part of the pattern").inputValue(), "annulus");
    const tenths = (value: number) => String(Math.round(10 * value) / 10);
    assert.equal(await page.getByLabel("Inner radius in pixels").inputValue(), tenths(inner));
    assert.equal(await page.getByLabel("Outer radius in pixels").inputValue(), tenths(outer));
    assert.equal(await page.getByLabel("Row of the direct beam in pixels").inputValue(), tenths(row));
    assert.equal(await page.getByLabel("Column of the direct beam in pixels").inputValue(), tenths(column));
  });

  await step("Escape puts it away", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("Escape");
    await shows(
      () => page.getByRole("radio", { name: "No detector: read values" }).getAttribute("aria-checked"),
      "true",
    );
    await shows(() => Promise.resolve(page.url()), (address) => !/detector=/.test(address));
  });
});
