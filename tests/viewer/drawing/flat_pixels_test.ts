/** Pictures painted without WebGL2 are those of the report, pixel for pixel. */

import assert from "node:assert/strict";
import { paintHairlines, paintPicture } from "../../../viewer/drawing/flat_pixels.ts";
import { hairlineShare, labelRgba, mapColours, type Picture } from "../../../viewer/drawing/map_scene.ts";
import type { RgbaPixels } from "../../../viewer/drawing/pattern_scale.ts";
import { fitViewport, zoomAbout } from "../../../viewer/drawing/viewport.ts";
import { renderLabelMap, renderScalarMap, unassignedColour } from "../../../library/report/map_image.ts";
import { seededRandom } from "../../support/random.ts";

/** A map with clusters, gaps and a mask. */
function randomMap(seed: number): Extract<Picture, { kind: "clusters" }> {
  const random = seededRandom(seed),
    rows = 1 + Math.floor(random() * 9),
    columns = 1 + Math.floor(random() * 9);
  const labels = Int32Array.from({ length: rows * columns }, () => Math.floor(random() * 4) - 1);
  const mask = labels.map((label) => label >= 0 || random() < 0.5 ? 1 : random() < 0.5 ? 2 : 0);
  const colours = Uint8Array.from({ length: 3 }, () => Math.floor(random() * 14));
  return { kind: "clusters", rows, columns, labels, colours, mask: Uint8Array.from(mask) };
}

/** The colours without their opacity, which must be full. */
function opaque({ data }: RgbaPixels): Uint8Array {
  assert.ok(data.every((value, at) => at % 4 < 3 || value === 255));
  return Uint8Array.from(data.filter((_, at) => at % 4 < 3));
}

function report({ rows, columns, labels, mask, colours }: ReturnType<typeof randomMap>) {
  return { shape: { rows, columns }, labels, mask, colours: Uint32Array.from(colours) };
}

Deno.test("cluster maps have the colours of the report in both themes", () => {
  for (let seed = 0; seed < 60; seed++) {
    const map = randomMap(seed);
    for (const theme of ["dark", "light"] as const) {
      assert.deepEqual(opaque(paintPicture(map, theme)), renderLabelMap(report(map), 1, theme).data);
    }
  }
});

Deno.test("hairlines lie where the report has them", () => {
  for (let seed = 0; seed < 60; seed++) {
    const map = randomMap(seed), scale = 3 + seed % 5;
    const canvas = { width: map.columns * scale, height: map.rows * scale, ratio: 1 };
    const viewport = fitViewport(map, canvas);
    assert.equal(viewport.scale, scale);
    const painted = paintHairlines(map, paintPicture(map, "light"), viewport, "light");
    assert.deepEqual([painted.width, painted.height], [canvas.width, canvas.height]);
    const expected = renderLabelMap(report(map), scale, "light").data, ink = mapColours.light.textureInk;
    // Lines rise to the right every six pixels outside the mask, dots of two pixels stand on what is excluded.
    for (let y = 0; y < canvas.height; y++) {
      for (let x = 0; x < canvas.width; x++) {
        const probe = Math.floor(y / scale) * map.columns + Math.floor(x / scale);
        if (map.labels[probe] >= 0) continue;
        const line = map.mask[probe] === 0 && (x + y) % 6 === 0;
        const dot = map.mask[probe] === 2 && x % 6 < 2 && y % 6 < 2;
        if (!line && !dot) continue;
        const at = 3 * (y * canvas.width + x), plain = expected.slice(at, at + 3);
        const own = unassignedColour("light", map.mask[probe] === 0 ? "outsideMask" : "noCluster");
        // Darkened where a cluster begins.
        const share = plain.join() === own.join() ? 1 : 1 - hairlineShare;
        expected.set(ink.map((value) => Math.round(value * share)), at);
      }
    }
    assert.deepEqual(opaque(painted), expected, `seed ${seed}`);
  }
});

Deno.test("categories in colours of their own are drawn as clusters are", () => {
  for (let seed = 0; seed < 20; seed++) {
    const map = randomMap(seed), { colours, ...rest } = map;
    const painted = { ...rest, kind: "painted", rgba: labelRgba(map) } as const;
    for (const theme of ["dark", "light"] as const) {
      const small = paintPicture(painted, theme),
        viewport = fitViewport(map, { width: 40, height: 40, ratio: 1 });
      assert.equal(painted.rgba.length, 4 * colours.length);
      assert.deepEqual(small, paintPicture(map, theme));
      assert.deepEqual(
        paintHairlines(painted, small, viewport, theme),
        paintHairlines(map, small, viewport, theme),
      );
    }
  }
});

Deno.test("a line is as wide as a CSS pixel wherever the picture lies, and beside the picture is the stage", () => {
  // Two columns of probes, one cluster each.
  const map = {
    ...{ kind: "clusters", rows: 4, columns: 2 } as const,
    labels: Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1),
    colours: Uint8Array.of(3, 5),
    mask: new Uint8Array(8).fill(1),
  };
  for (const ratio of [1, 1.5, 2, 3]) {
    for (let step = 0; step < 40; step++) {
      const fitted = fitViewport(map, { width: 90, height: 80, ratio });
      const viewport = zoomAbout(fitted, { x: 45.1, y: 40 }, 1 + step / 60);
      const { width, data } = paintHairlines(map, paintPicture(map, "light"), viewport, "light");
      const line = 4 * width * Math.round(40 * ratio);
      const colours = new Set<string>();
      let dark = 0;
      for (let x = 0; x < width; x++) {
        const rgb = data.slice(line + 4 * x, line + 4 * x + 3).join();
        colours.add(rgb);
        const [red, green, blue] = rgb.split(",").map(Number);
        if (red + green + blue < 300) dark++;
      }
      // Colours of the two, darkened, are 3 * 0.58 of theirs.
      assert.ok(
        dark === Math.floor(ratio) || dark === Math.ceil(ratio),
        `${dark} pixels at ratio ${ratio}, step ${step}`,
      );
      if (viewport.left > 1) assert.ok(colours.has(mapColours.light.stage.join()));
    }
  }
});

Deno.test("values are painted as in the report, masks in their two colours", () => {
  const random = seededRandom(3), values = Float32Array.from({ length: 30 }, () => random());
  const range = { low: 0.1, high: 0.8 }, size = { rows: 5, columns: 6 };
  const picture = { kind: "scalar", ...size, values, range, scale: "linear", map: "cividis" } as const;
  assert.deepEqual(
    opaque(paintPicture(picture, "dark")),
    renderScalarMap(values, size, range, "cividis").data,
  );
  const mask = { kind: "mask", rows: 1, columns: 2, mask: Uint8Array.of(0, 1) } as const;
  const { inMask, outOfMask } = mapColours.dark;
  assert.deepEqual(Array.from(opaque(paintPicture(mask, "dark"))), [...outOfMask, ...inMask]);
});
