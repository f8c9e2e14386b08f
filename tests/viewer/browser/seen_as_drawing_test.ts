/** Every view leaves as SVG: the same picture as the PNG of it, with what lies on it as lines and words. */

import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import { clickProbe, showFile, shows } from "../../support/viewer_page.ts";
import { writeOriented } from "../../support/viewer_scans.ts";

const context = { viewport: { width: 1440, height: 900 }, acceptDownloads: true } as const;

browserTest("views as drawings", async (open, step, folder) => {
  const result = await writeOriented(folder), { page } = await open({ args: [folder], context });
  await showFile(page, result);
  await clickProbe(page, 4, 6);
  await page.getByRole("tab", { name: "Export" }).click();

  const taken = async (name: RegExp) => {
    const button = page.getByRole("button", { name });
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    return await Deno.readFile(await download.path());
  };
  const drawing = async (view: string) =>
    new TextDecoder().decode(await taken(new RegExp(`^Download ${view}.* as SVG$`)));

  /** Share of the pixels of the PNG of a view that its drawing shows in another colour. */
  const differing = async (view: string, svg: string): Promise<number> => {
    const png = Array.from(await taken(new RegExp(`^Download ${view}.* as PNG$`)));
    return await page.evaluate(async ([svg, png]) => {
      const pixels = async (blob: Blob, width?: number, height?: number) => {
        const image = new Image();
        image.src = URL.createObjectURL(blob);
        await image.decode();
        const canvas = document.createElement("canvas");
        canvas.width = width ?? image.naturalWidth;
        canvas.height = height ?? image.naturalHeight;
        const context = canvas.getContext("2d")!;
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, canvas.width, canvas.height);
      };
      const seen = await pixels(new Blob([Uint8Array.from(png as number[])], { type: "image/png" }));
      const { width, height } = seen;
      const drawn = await pixels(new Blob([svg as string], { type: "image/svg+xml" }), width, height);
      let count = 0;
      for (let at = 0; at < seen.data.length; at += 4) {
        const far = Math.max(
          ...[0, 1, 2].map((channel) => Math.abs(seen.data[at + channel] - drawn.data[at + channel])),
        );
        if (far > 48) count++;
      }
      return count / (width * height);
    }, [svg, png] as const);
  };

  await step(
    "a map of clusters: outlines and probe as lines, numbers, and what its greys mean",
    async () => {
      await page.getByRole("checkbox", { name: "Outlines" }).check();
      const svg = await drawing("Map");
      assert.equal(svg.match(/<image /g)?.length, 1);
      assert.match(svg, new RegExp(`<image [^>]*href="data:image/png`));
      // All outlines, the selected one and the probe, each a line in its casing.
      assert.equal(/<g class="marks">(.*?)<\/g>/s.exec(svg)![1].match(/<path /g)?.length, 6);
      assert.match(/<g class="numbers"[^>]*>(.*?)<\/g>/s.exec(svg)![1], />0</);
      // Numbers alone are not on the screen.
      const share = await differing("Map", svg);
      assert.ok(share < 0.03, String(share));
    },
  );

  await step("a map of numbers has its colour bar below it", async () => {
    await page.getByLabel("Maps of").selectOption("strain");
    await page.getByRole("radio", { name: "Dilation", exact: true }).click();
    await shows(() => page.locator(".view-downloads span").first().innerText(), "Map: dilation");
    await page.locator(".real .legend").last().waitFor();
    const svg = await drawing("Map");
    assert.match(svg, /class="colour-bar"/);
    assert.match(svg, />−[\d.]+\u202f%</);
    const share = await differing("Map", svg);
    assert.ok(share < 0.02, String(share));
  });

  await step(
    "a pattern: peaks as circles, spots as crosses with their indices, its colour bar",
    async () => {
      await shows(() => page.locator("#upper-pattern").getAttribute("aria-label"), /measured peaks/);
      const svg = await drawing("Cluster");
      const marks = /<g class="marks">(.*?)<\/g>/s.exec(svg)![1];
      assert.ok(marks.match(/A[\d.]+ [\d.]+ 0 1 1/g)!.length >= 8, "circles");
      assert.ok(Array.from(marks.matchAll(/<text[^>]*>(\d)</g)).length >= 12, "indices");
      assert.match(svg, /counts</);
      const share = await differing("Cluster", svg);
      assert.ok(share < 0.03, String(share));
    },
  );
});
