/** Maps and outlines as a real browser draws them, with WebGL2 and without. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { paintHairlines, paintPicture } from "../../../viewer/drawing/flat_pixels.ts";
import { labelRgba, mapColours, type MapScene, type Picture } from "../../../viewer/drawing/map_scene.ts";
import { fitViewport, toScreen, type Viewport, zoomAbout } from "../../../viewer/drawing/viewport.ts";
import { bundle } from "../../../viewer/fresh/bundle.ts";
import { browserTest, type OpenPage } from "../../support/browser.ts";
import type { MapCanvasPage } from "../../support/map_canvas_page.ts";
import { seededRandom } from "../../support/random.ts";

type Page = Awaited<ReturnType<OpenPage>>["page"];
type Pixels = { readonly width: number; readonly height: number; readonly data: ArrayLike<number> };

const root = join(import.meta.dirname!, "../../..");

/** Opens a page that only draws. */
async function withDrawingPage(open: OpenPage, use: (page: Page) => Promise<void>): Promise<void> {
  const entry = join(root, "tests/support/map_canvas_page.ts");
  const { files, names } = await bundle({ root, entries: [entry], names: "[name]", minify: false });
  const script = files.get(names.get(entry)!)!;
  const html = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) =>
      new URL(request.url).pathname === "/page.js"
        ? new Response(script, { headers: { "content-type": "text/javascript" } })
        : new Response(html, { headers: { "content-type": "text/html" } }),
  );
  const { page } = await open({ address: `http://127.0.0.1:${server.addr.port}/` });
  await page.waitForFunction(() => "page" in globalThis);
  await use(page);
}

/** Calls a function of the page; arrays travel as lists. */
async function call<Name extends keyof MapCanvasPage>(
  page: Page,
  name: Name,
  ...values: unknown[]
): Promise<Awaited<ReturnType<MapCanvasPage[Name]>>> {
  const plain = JSON.stringify(
    values,
    (_, value) => ArrayBuffer.isView(value) ? Array.from(value as never) : value,
  );
  return await page.evaluate(
    ([name, plain]) => {
      const calls =
        (globalThis as unknown as { page: Record<string, (...values: unknown[]) => unknown> }).page;
      return calls[name](...JSON.parse(plain)) as never;
    },
    [name, plain] as const,
  );
}

/** How many pixels differ by more than rounding. */
function countDifferent(one: Pixels, other: Pixels): number {
  assert.deepEqual([one.width, one.height], [other.width, other.height]);
  let different = 0;
  for (let pixel = 0; pixel < one.width * one.height; pixel++) {
    const far = [0, 1, 2].some((channel) =>
      Math.abs(one.data[4 * pixel + channel] - other.data[4 * pixel + channel]) > 1
    );
    if (far) different++;
  }
  return different;
}

function randomMap(): Extract<Picture, { kind: "clusters" }> {
  const random = seededRandom(4), rows = 23, columns = 31;
  const labels = Int32Array.from(
    { length: rows * columns },
    (_, probe) => random() < 0.2 ? -1 : Math.floor(probe % columns / 5) + 7 * Math.floor(probe / columns / 6),
  );
  const mask = Uint8Array.from(labels, (label) => label >= 0 || random() < 0.4 ? 1 : random() < 0.5 ? 2 : 0);
  // More clusters than the table of colours has columns.
  const colours = Uint8Array.from({ length: 600 }, (_, id) => id % 12);
  return {
    kind: "clusters",
    rows,
    columns,
    labels: labels.map((label) => label < 0 ? -1 : 15 * label),
    colours,
    mask,
  };
}

const map = randomMap(), size = { rows: map.rows, columns: map.columns };

/** Viewports in which no pixel of the canvas lies on the border of two pixels of the picture. */
function viewports(): Viewport[] {
  return [[1, 1.0371], [1.5, 3.2137], [2, 1.0371]].map(([ratio, factor]) =>
    zoomAbout(fitViewport(size, { width: 200, height: 150, ratio }), { x: 83, y: 61 }, factor)
  );
}

browserTest(
  "clusters are drawn to the pixel, with WebGL2 and without, in both themes",
  (open) =>
    withDrawingPage(open, async (page) => {
      for (const viewport of viewports()) {
        for (const theme of ["dark", "light"] as const) {
          const scene: MapScene = { picture: map, theme };
          const [shaded] = await call(page, "draw", "webgl2", [scene], viewport);
          const [flat] = await call(page, "draw", "2d", [scene], viewport);
          const what = `${theme}, scale ${viewport.scale}, ratio ${viewport.ratio}`;
          // Where rounding decides on which side of a border a pixel lies, browsers differ.
          assert.ok(countDifferent(shaded, flat) < 0.005 * shaded.width * shaded.height, what);
          if (theme === "dark") continue;
          const painted = paintHairlines(map, paintPicture(map, theme), viewport, theme);
          assert.equal(countDifferent(shaded, painted), 0, what);
        }
      }
    }),
);

browserTest(
  "values, missing values and masks have the same colours with WebGL2 and without",
  (open) =>
    withDrawingPage(open, async (page) => {
      const random = seededRandom(5), [viewport] = viewports();
      const values = Float32Array.from(map.labels, () => random() < 0.1 ? NaN : random() ** 4 * 900 - 20);
      const pictures: Picture[] = (["linear", "sqrt", "log"] as const).map((scale) => ({
        ...{ kind: "scalar", ...size, values, scale, map: "inferno" },
        range: { low: 10, high: 700 },
      }));
      const empty = { ...pictures[0], range: { low: 3, high: 3 } } as Picture;
      const { colours: _, ...labelled } = map;
      const painted: Picture = {
        ...labelled,
        kind: "painted",
        rgba: labelRgba(map).map((value, place) => place % 4 === 3 ? 255 : 255 - value),
      };
      const scenes: MapScene[] = [
        ...pictures,
        empty,
        { kind: "mask", ...size, mask: map.mask } as const,
        painted,
      ]
        .map((picture) => ({ picture, theme: "dark" }));
      const shaded = await call(page, "draw", "webgl2", scenes, viewport);
      const flat = await call(page, "draw", "2d", scenes, viewport);
      shaded.forEach((pixels, index) => {
        assert.ok(
          countDifferent(pixels, flat[index]) < 0.002 * pixels.width * pixels.height,
          `picture ${index}`,
        );
      });
      assert.ok(countDifferent(shaded[0], shaded[1]) > 5000);
    }),
);

browserTest(
  "what changes from scene to scene is seen, on one canvas",
  (open) =>
    withDrawingPage(open, async (page) => {
      const [viewport] = viewports();
      const recoloured = { ...map, colours: map.colours.map((colour) => (colour + 5) % 12) };
      const relabelled = { ...recoloured, labels: map.labels.map((label) => label < 0 ? -1 : label + 15) };
      const scenes: MapScene[] = [map, recoloured, relabelled, map].map((picture) => ({
        picture,
        theme: "dark",
      }));
      scenes.push({ ...scenes[3], theme: "light" }, { ...scenes[3], rowsDone: 9 });
      for (const renderer of ["webgl2", "2d"]) {
        const drawn = await call(page, "draw", renderer, scenes, viewport);
        assert.equal(countDifferent(drawn[0], drawn[3]), 0, renderer);
        for (const [before, after] of [[0, 1], [1, 2], [2, 3], [3, 4], [3, 5]]) {
          assert.ok(countDifferent(drawn[before], drawn[after]) > 1000, `${renderer}: ${before} to ${after}`);
        }
        // Rows that are done are as before; below them, only stage, hatching and the line between.
        const { width, data } = drawn[5], border = viewport.top + 9 * viewport.scale;
        const at = (y: number) => Array.from(data.slice(4 * width * y, 4 * width * (y + 1)));
        assert.deepEqual(
          at(Math.floor(border) - 3),
          Array.from(
            drawn[3].data.slice(4 * width * (Math.floor(border) - 3), 4 * width * (Math.floor(border) - 2)),
          ),
        );
        const below = new Set(
          at(Math.ceil(border) + 10).reduce(
            (colours: string[], _, index, all) =>
              index % 4 === 0 ? [...colours, all.slice(index, index + 3).join()] : colours,
            [],
          ),
        );
        assert.ok(below.has(mapColours.dark.stage.join()) && below.size < 12, [...below].join(" "));
        assert.ok(at(Math.round(border)).join().includes(mapColours.dark.accent.join()), renderer);
      }
    }),
);

browserTest(
  "a map outlives its context: once that is restored, the picture is back",
  (open) =>
    withDrawingPage(open, async (page) => {
      const [viewport] = viewports();
      const [before, after] = await call(page, "lose", { picture: map, theme: "light" }, viewport);
      assert.equal(countDifferent(before, after), 0);
      assert.ok(new Set(Array.from(before.data).filter((_, at) => at % 4 === 0)).size > 5);
    }),
);

browserTest(
  "without a graphics card the 2D canvas is preferred",
  (open) =>
    withDrawingPage(open, async (page) => {
      // The tests' browser imitates one.
      assert.equal(await call(page, "preferred"), "2d");
    }),
);

browserTest(
  "outlines run along the middle between probes, white in a black casing",
  (open) =>
    withDrawingPage(open, async (page) => {
      const viewport = fitViewport({ rows: 10, columns: 10 }, { width: 200, height: 200, ratio: 2 });
      const labels = Array.from({ length: 100 }, (_, probe) => probe % 10 < 5 ? 0 : -1);
      // Where the casing of each is, in CSS pixels from the middle.
      for (const [weight, casing] of [["selected", 1.4], ["hover", 1.1], ["all", 0.8]] as const) {
        const { width, data } = await call(page, "drawOutlines", labels, 10, [0], weight, viewport);
        // Half a probe from the last one in, in the fifth row.
        const { x, y } = toScreen(viewport, { row: 5, column: 5 });
        const pixel = (right: number) => {
          const at = 4 * (width * Math.floor(2 * y) + Math.floor(2 * (x + right)));
          return Array.from(data.slice(at, at + 4));
        };
        assert.ok(pixel(0)[0] > 200 && pixel(0)[3] > 200, `${weight}: ${pixel(0)}`);
        for (const side of [-casing, casing]) {
          assert.ok(pixel(side)[0] < 200 && pixel(side)[3] > 60, `${weight}: ${pixel(side)}`);
        }
        for (const side of [-5, 5]) {
          assert.equal(pixel(side)[3], 0, weight);
        }
      }
    }),
);
