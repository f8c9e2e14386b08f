import assert from "node:assert/strict";
import { assignColours } from "../../../library/report/colours.ts";
import { colourTable } from "../../../library/report/colour_maps.ts";
import { createImage, magnifyImage, type RgbImage } from "../../../library/report/image.ts";
import {
  mapMagnification,
  percentileRange,
  renderLabelMap,
  renderScalarMap,
} from "../../../library/report/map_image.ts";
import { drawText } from "../../../library/report/bitmap_font.ts";
import { clusterPalette, colourDistance, oklab, paletteColour } from "../../../library/report/palette.ts";
import { patternRange, renderPattern } from "../../../library/report/pattern_image.ts";
import { selectSorted } from "../../../library/scan/select_sorted.ts";
import { encodePng } from "../../../library/report/png.ts";
import { chooseScaleBar, formatUnit, withScaleBar } from "../../../library/report/scale_bar.ts";
import { drawClustering } from "../../support/clustering.ts";
import { decodePng } from "../../support/png.ts";
import { seededRandom } from "../../support/random.ts";

const pixel = (image: { width: number; data: ArrayLike<number> }, row: number, column: number) =>
  [0, 1, 2].map((channel) => image.data[(row * image.width + column) * 3 + channel]);

const sizesOf = (labels: Int32Array, count: number) => {
  const sizes = new Array<number>(count).fill(0);
  for (const label of labels) if (label >= 0) sizes[label]++;
  return sizes;
};

/** Pairs of different labels among the 8 neighbours. */
function touchingPairs(labels: Int32Array, rows: number, columns: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (const [dy, dx] of [[0, 1], [1, -1], [1, 0], [1, 1]]) {
        const y = row + dy, x = column + dx;
        if (y >= rows || x < 0 || x >= columns) continue;
        const first = labels[row * columns + column], second = labels[y * columns + x];
        if (first >= 0 && second >= 0 && first !== second) pairs.push([first, second]);
      }
    }
  }
  return pairs;
}

Deno.test("touching clusters always differ in colour, and equal labels give equal colours", () => {
  let state = 1;
  const random = () => (state = state * 48271 % 2147483647) / 2147483647;
  for (const [rows, columns, count] of [[24, 31, 40], [40, 40, 9], [12, 12, 100], [1, 50, 20]]) {
    const centres = Array.from({ length: count }, () => [random() * rows, random() * columns]);
    const labels = Int32Array.from({ length: rows * columns }, (_, probe) => {
      if (random() < 0.05) return -1;
      const distances = centres.map(([y, x]) =>
        Math.hypot(Math.floor(probe / columns) - y, probe % columns - x)
      );
      return distances.indexOf(Math.min(...distances));
    });
    const sizes = sizesOf(labels, count);
    const colours = assignColours(labels, { rows, columns }, sizes);
    for (const [first, second] of touchingPairs(labels, rows, columns)) {
      assert.notEqual(colours[first], colours[second]);
    }
    assert.deepEqual(assignColours(labels, { rows, columns }, sizes), colours);
  }
});

Deno.test("clusters that all touch each other differ in colour even beyond the palette", () => {
  // Straight lines of different slopes, drawn as paths of king's moves, cross each other at diagonals.
  const count = 14, size = 90;
  const labels = new Int32Array(size * size).fill(-1);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) labels[row * size + column] = (row + column * 3) % count;
  }
  const colours = assignColours(labels, { rows: size, columns: size }, sizesOf(labels, count));
  for (const [first, second] of touchingPairs(labels, size, size)) {
    assert.notEqual(colours[first], colours[second]);
  }
  // Every label beside every other: one needs more colours than the palette has.
  const pairs: number[] = [];
  for (let first = 0; first < count; first++) {
    for (let second = 0; second < first; second++) pairs.push(first, second, -1, -1, -1);
  }
  const crowded = Int32Array.from(pairs);
  const crowdedColours = assignColours(
    crowded,
    { rows: 1, columns: crowded.length },
    sizesOf(crowded, count),
  );
  assert.equal(new Set(crowdedColours).size, count);
  assert.ok(Math.max(...crowdedColours) >= clusterPalette.length);
});

Deno.test("the palette keeps the distances and lightness that the design promises", () => {
  for (const [place, colour] of clusterPalette.entries()) {
    const [lightness] = oklab(colour);
    assert.ok(lightness > 0.465 && lightness < 0.805, `${place}: lightness ${lightness}`);
    for (const other of clusterPalette.slice(0, place)) {
      const [a, b] = [oklab(colour), oklab(other)];
      assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) >= 0.144);
      assert.ok(colourDistance(colour, other) > 0);
    }
  }
});

Deno.test("colours past the palette are all different", () => {
  const seen = new Set(Array.from({ length: 400 }, (_, index) => paletteColour(index).join()));
  assert.equal(seen.size, 400);
});

Deno.test("viridis, inferno and cividis get lighter from end to end, grey evenly", () => {
  for (const name of ["viridis", "inferno", "cividis", "grey"] as const) {
    const table = colourTable(name);
    const lightness = Array.from(
      { length: 256 },
      (_, index) => oklab([table[index * 3], table[index * 3 + 1], table[index * 3 + 2]])[0],
    );
    // d3's cividis is a fit that wavers by less than a hundredth.
    for (let index = 4; index < 256; index++) assert.ok(lightness[index] > lightness[index - 4] - 0.01, name);
    assert.ok(lightness[255] - lightness[0] > 0.4, name);
  }
});

Deno.test("a PNG file decodes to the pixels it was made from, and equal images give equal bytes", () => {
  const image: RgbImage = {
    width: 3,
    height: 2,
    data: Uint8Array.from({ length: 18 }, (_, index) => index * 14),
  };
  const bytes = encodePng(image);
  assert.deepEqual(decodePng(bytes), image);
  assert.deepEqual(encodePng(image), bytes);
  // 300 colours do not fit a table.
  const colourful = {
    width: 20,
    height: 15,
    data: Uint8Array.from({ length: 900 }, (_, i) => (i % 3 ? 7 : 1) * Math.floor(i / 3) % 251),
  };
  assert.deepEqual(decodePng(encodePng(colourful)), colourful);
  assert.throws(() => encodePng(createImage(0, 3, [0, 0, 0])), RangeError);
});

Deno.test("a cluster map shows palette colours, the mask, and hairlines only between different labels", () => {
  const clustering = drawClustering(["00.", "01#"]);
  const colours = assignColours(clustering.labels, clustering.shape, [3, 1]);
  const image = renderLabelMap({ ...clustering, colours }, 4, "light");
  assert.deepEqual([image.width, image.height], [12, 8]);
  assert.deepEqual(pixel(image, 1, 1), [...paletteColour(colours[0])]);
  assert.deepEqual(pixel(image, 5, 5), [...paletteColour(colours[1])]);
  assert.deepEqual(pixel(image, 1, 9), [0xcb, 0xcb, 0xc6], "in no cluster");
  assert.deepEqual(pixel(image, 5, 9), [0xdc, 0xdc, 0xd8], "outside the mask");
  const darker = paletteColour(colours[0]).map((channel) => Math.round(channel * 0.58));
  assert.deepEqual(pixel(image, 1, 7), darker, "right edge of cluster 0");
  assert.deepEqual(pixel(image, 1, 3), [...paletteColour(colours[0])], "inside cluster 0");
  assert.deepEqual(pixel(renderLabelMap({ ...clustering, colours }, 4, "dark"), 1, 7), [
    ...paletteColour(colours[0]),
  ]);
});

Deno.test("small scans are magnified, large ones are not, line scans become thick enough to see", () => {
  assert.equal(mapMagnification({ rows: 1, columns: 1 }), 64);
  assert.equal(mapMagnification({ rows: 128, columns: 100 }), 8);
  assert.equal(mapMagnification({ rows: 4096, columns: 4096 }), 1);
  assert.equal(mapMagnification({ rows: 1, columns: 400 }), 10);
  assert.equal(mapMagnification({ rows: 5000, columns: 1 }), 1);
});

Deno.test("a scalar map runs from the lowest to the highest colour and clamps beyond", () => {
  const table = colourTable("viridis");
  const image = renderScalarMap([0, 1, 2, 3], { rows: 2, columns: 2 }, { low: 1, high: 2 }, "viridis");
  assert.deepEqual(
    [...image.data],
    [0, 0, 255, 255].flatMap((index) => [...table.slice(index * 3, index * 3 + 3)]),
  );
  const flat = renderScalarMap([5, 5], { rows: 1, columns: 2 }, { low: 5, high: 5 }, "grey");
  assert.deepEqual([...flat.data], [0, 0, 0, 0, 0, 0]);
  assert.deepEqual(percentileRange([NaN, 3, 1, 2], 0, 100), { low: 1, high: 3 });
  assert.deepEqual(percentileRange([], 0, 100), { low: 0, high: 0 });
});

Deno.test("patterns saturate at hot pixels, stay black at zero, and brighten monotonically on every scale", () => {
  const pattern = Float32Array.from({ length: 2000 }, (_, index) => index % 50);
  pattern[7] = 65535;
  assert.deepEqual(patternRange(pattern), { low: 0, high: 49 });
  assert.deepEqual(patternRange(new Float32Array(16)), { low: 0, high: 0 });
  const sparse = new Float32Array(10_000);
  sparse[3] = 2;
  assert.deepEqual(patternRange(sparse), { low: 0, high: 2 });
  for (const scale of ["linear", "sqrt", "log"] as const) {
    const image = renderPattern([0, 1, 10, 50, 99, 500], 1, 6, { low: 0, high: 99 }, scale, "grey");
    const levels = [0, 1, 2, 3, 4, 5].map((column) => pixel(image, 0, column)[0]);
    assert.deepEqual([levels[0], levels[4], levels[5]], [0, 255, 255]);
    assert.deepEqual([...levels].sort((a, b) => a - b), levels);
    assert.ok(levels[1] >= (scale === "linear" ? 3 : 20));
  }
});

Deno.test("scale bars are 1, 2 or 5 times a power of ten, at most 30 % of the width, in a fitting unit", () => {
  const bar = (columns: number, column: number, unit: string) =>
    chooseScaleBar(columns, { row: 9, column, unit });
  assert.deepEqual(bar(100, 2, "nm"), { label: "50 nm", share: 0.25 });
  assert.deepEqual(bar(1000, 20, "nm")?.label, "5 µm");
  assert.deepEqual(bar(10, 0.02, "nm")?.label, "50 pm");
  assert.deepEqual(bar(64, 0.5, "A")?.label, "5 Å");
  assert.deepEqual(bar(128, 0.03, "A^-1")?.label, "1 Å⁻¹");
  assert.deepEqual(bar(128, 0.5, "mrad")?.label, "10 mrad");
  assert.equal(chooseScaleBar(100, undefined), null);
  assert.equal(bar(100, NaN, "nm"), null);
  for (let step = 0.013; step < 1000; step *= 1.37) {
    const chosen = bar(200, step, "nm")!;
    assert.ok(chosen.share > 0.119 && chosen.share <= 0.3 + 1e-9, `${step}: ${chosen.share}`);
    assert.match(chosen.label, /^[125]0* (nm|µm|pm)$|^0\.0*[125] nm$/);
  }
  assert.equal(formatUnit("um"), "µm");
});

Deno.test("a map keeps its pixels above the scale bar strip, and says so where the scale is unknown", () => {
  const map = magnifyImage(
    { width: 4, height: 1, data: Uint8Array.from({ length: 12 }, (_, i) => 20 * i) },
    64,
  );
  const known = withScaleBar(map, 4, { row: 1, column: 1, unit: "nm" });
  const unknown = withScaleBar(map, 4, undefined);
  assert.ok(known.width >= 256 && known.height > 64);
  assert.deepEqual(pixel(known, 10, 200), pixel(map, 10, 200));
  const ink = (image: RgbImage) =>
    image.data.subarray(64 * image.width * 3).reduce((sum, value) => sum + (value < 128 ? 1 : 0), 0);
  // The bar is 1 nm, a quarter of 256 pixels, three pixels high.
  assert.ok(ink(known) > 64 * 3 * 3);
  assert.ok(ink(unknown) > 100);
  assert.notDeepEqual(known.data, unknown.data);
  // A map narrower than its text is widened, not cut.
  const narrow = withScaleBar(createImage(10, 10, [1, 2, 3]), 1, undefined);
  assert.ok(narrow.width > 60);
  assert.deepEqual(pixel(narrow, 5, 9), [1, 2, 3]);
  // A unit the font cannot write is a box, not a failure.
  const strange = withScaleBar(map, 4, { row: 1, column: 1, unit: "字" });
  assert.ok(ink(strange) > ink(unknown) / 4);
});

Deno.test("words in pictures have smooth edges, and straight strokes as wide as a dot", () => {
  const dot = 4, image = createImage(60, 40, [255, 255, 255]);
  drawText(image, "1", 0, 0, dot, [0, 0, 0]);
  const line = (row: number) => Array.from({ length: 20 }, (_, column) => pixel(image, row, column)[0]);
  // The stem stands in the third of five dots.
  assert.deepEqual(line(3 * dot), Array.from({ length: 20 }, (_, at) => at >= 8 && at < 12 ? 0 : 255));
  // Its serif goes down to the left, which no staircase does.
  const flag = [4, 5, 6, 7].map((row) => line(row).filter((value) => value > 0 && value < 255).length);
  assert.ok(flag.every((count) => count > 0), String(flag));
  // No letter that is written is the box that stands for what the font lacks.
  const drawn = (character: string) => {
    const own = createImage(8, 10, [255, 255, 255]);
    drawText(own, character, 0, 0, 1, [0, 0, 0]);
    return own.data.join();
  };
  for (const character of "abcdefghiklmnoprstuvwxyz, .:-+[]0123456789Åµ⁻¹") {
    assert.notEqual(drawn(character), drawn("字"), character);
  }
  // What reaches beyond the image is left out.
  drawText(image, "8", -3, 57, dot, [0, 0, 0]);
  drawText(image, "8", 38, -6, dot, [0, 0, 0]);
});

Deno.test("percentiles without sorting are those of the sorted values, ties and infinities included", () => {
  const random = seededRandom(11);
  for (let length = 1; length < 200; length++) {
    const values = Array.from({ length }, () => random() < 0.3 ? Math.floor(4 * random()) : random() - 0.5);
    const sorted = values.toSorted((a, b) => a - b);
    const [lower, upper] = [Math.floor(random() * length), Math.floor(random() * length)].sort((a, b) =>
      a - b
    );
    const copy = Float64Array.from(values);
    assert.equal(selectSorted(copy, lower), sorted[lower]);
    assert.equal(selectSorted(copy, upper, lower), sorted[upper]);
    const range = percentileRange([NaN, ...values, Infinity], 1, 99.9);
    assert.deepEqual(range, {
      low: sorted[Math.round(0.01 * (length - 1))],
      high: sorted[Math.round(0.999 * (length - 1))],
    });
  }
  assert.deepEqual(percentileRange([NaN, -Infinity], 1, 99), { low: 0, high: 0 });
});
