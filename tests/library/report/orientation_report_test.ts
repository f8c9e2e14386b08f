/** What orientation and strain add to the report: sections in their places, histograms, legends with corners. */

import assert from "node:assert/strict";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { DirectionColours } from "../../../library/mapping/orientation_colours.ts";
import { renderDirectionKey } from "../../../library/report/direction_key.ts";
import { rangeAboutZero } from "../../../library/report/map_image.ts";
import { markup } from "../../../library/report/markup.ts";
import { sectionPlaces, withSection } from "../../../library/report/sections.ts";
import { spotsFigure } from "../../../library/report/spots_figure.ts";
import { renderValueHistogram, valueHistogram } from "../../../library/report/value_histogram.ts";

Deno.test("a section takes its place, a new one the place of the old, and nothing else changes", () => {
  const page = `<p>before</p>${sectionPlaces()}<p>after</p>`;
  const once = withSection(page, "strain", markup`<section>${"<1 %>"}</section>`)!;
  assert.ok(once.includes("<section>&#60;1 %&#62;</section>"));
  const twice = withSection(once, "strain", markup`<section>$&</section>`)!;
  assert.ok(twice.includes("<section>$&</section>") && !twice.includes("1 %"));
  assert.equal(withSection(twice, "strain", null), page);
  assert.equal(withSection("<p>another page</p>", "strain", markup`<section></section>`), undefined);
});

Deno.test("pages of older versions get the places that they lack, in order, and the style of sections", () => {
  const head = '<style>old</style><p class="brand">crystallite · cluster report</p>';
  const sizes = "<section><h2>Cluster sizes</h2></section>";
  const withTwo =
    "<!--begin orientation--><i>o</i><!--end orientation--><!--begin strain--><!--end strain-->";
  for (const [places, expected] of [["", ["texture"]], [withTwo, ["<i>o</i>", "texture"]]] as const) {
    const page = `${head}<main>${places}${sizes}</main>`;
    const found = withSection(page, "texture", markup`<b>texture</b>`)!;
    const parts = [...expected, "Cluster sizes"].map((part) => found.indexOf(part));
    assert.ok(parts.every((part, index) => part > (parts[index - 1] ?? 0)), found);
    assert.ok(found.includes(".pole-figure") && !found.includes("old"));
    assert.equal(withSection(withSection(found, "texture", null)!, "texture", markup`<b>texture</b>`), found);
  }
  const bare = withSection(`${head}<main></main>`, "strain", markup`<i>strain</i>`)!;
  assert.match(bare, /<main>.*<i>strain<\/i>.*<\/main>/);
});

Deno.test("histograms count every value of the range once, its ends included, and describe themselves", () => {
  const values = Float32Array.from({ length: 1000 }, (_, index) => index === 7 ? NaN : index / 500 - 1);
  const range = { low: -1, high: values[999] };
  assert.equal(valueHistogram(values, range).reduce((sum, count) => sum + count, 0), 999);
  assert.equal(valueHistogram([2, -2, NaN], range).reduce((sum, count) => sum + count, 0), 0);
  assert.match(
    String(renderValueHistogram("Shear", values, range, "%")),
    /role="img" aria-label="Histogram of Shear: 999/,
  );
  assert.deepEqual(rangeAboutZero(Float32Array.from([-3, 1, NaN])), { low: -3, high: 3 });
  assert.deepEqual(valueHistogram([], { low: 0, high: 0 }), new Uint32Array(41));
});

Deno.test("legends of every symmetry hold the wedge and the names of its corners inside the picture", async () => {
  for (const name of ["Au", "Ti"]) {
    const crystal = await builtInCrystal(name);
    const { width, height, data } = renderDirectionKey(
      new DirectionColours(laueGroup(crystal)),
      crystal.cell,
    );
    const pixel = (index: number) => data.subarray(3 * index, 3 * index + 3).join();
    let ink = 0, edge = 0;
    for (let index = 0; index < width * height; index++) {
      if (pixel(index) === "26,27,29") ink++;
      const row = Math.floor(index / width), column = index % width;
      const outside = row === 0 || column === 0 || row === height - 1 || column === width - 1;
      if (outside && pixel(index) !== "255,255,255") edge++;
    }
    // Three names of five characters, each of some ten dots of 2 x 2 pixels.
    assert.ok(ink > 3 * 5 * 8 * 4, `${name}: ${ink}`);
    assert.equal(edge, 0, name);
  }
});

Deno.test("disks are circled where they were measured, in the pixels of the pattern", () => {
  const figure = String(spotsFigure({
    ...{ pattern: new Float32Array(12).fill(1), shape: { patternRows: 3, patternColumns: 4 } },
    ...{ measured: [{ row: 1, column: 2 }], diskRadius: 1, title: "Cluster <0>", caption: "Au" },
    spots: [{ row: 2, column: 0.25, name: "200" }],
  }));
  assert.match(figure, /viewBox="0 0 4 3"/);
  assert.match(figure, /<circle cx="2.5" cy="1.5" r="1.15"\/>/);
  assert.match(figure, />200<\/text>/);
  assert.match(figure, /alt="Cluster &#60;0&#62;: average pattern with 1 measured disks circled and 1 spots/);
});
