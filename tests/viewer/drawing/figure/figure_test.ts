import assert from "node:assert/strict";
import { drawFigure, type Figure } from "../../../../viewer/drawing/figure/figure.ts";
import { edgeOutlines } from "../../../../viewer/drawing/edge_outlines.ts";

const picture = { href: "data:image/png;base64,AAAA", rows: 30, columns: 40 };
const pixelSize = { row: 1, column: 1, unit: "nm" }, qPixelSize = { row: 0.02, column: 0.02, unit: "A^-1" };
const pattern = { ...picture, rows: 32, columns: 32, pixelSize: qPixelSize };

const figure: Figure = {
  ...{ width: 178, arrangement: "beside", columns: 2 },
  map: {
    ...{ ...picture, pixelSize, titles: ["Clusters"] },
    numbers: [
      { text: "0", row: 5, column: 5, depth: 5 },
      { text: "12", row: 20, column: 20, depth: 0.2 },
    ],
    outlines: edgeOutlines(Int32Array.from({ length: 1200 }, (_, probe) => probe % 40 < 20 ? 0 : 1), 40),
    legend: { kind: "swatches", entries: [{ colour: "#cbcbc6", name: "in no cluster" }] },
  },
  patterns: ["Cluster 0 <a & b>", "Cluster 1", "Cluster 2"].map((title) => ({
    ...pattern,
    titles: [`${title}, with a name that is longer than any picture could be wide on paper`, title],
    colour: "#c65459",
  })),
  bar: { map: "inferno", low: "0", high: "900 counts", name: "log scale" },
  caption: "word ".repeat(60),
};

/** Boxes of all pictures: x, y, width and height. */
function boxesOf(svg: string): number[][] {
  return Array.from(
    svg.matchAll(/<image x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
    (found) => found.slice(1).map(Number),
  );
}

for (const arrangement of ["beside", "below"] as const) {
  for (const [width, columns] of [[85, 1], [85, 3], [178, 2], [300, 8]]) {
    Deno.test(`a figure of ${width} mm, patterns ${arrangement}, ${columns} wide: parts are apart and within it`, () => {
      const { svg, ...size } = drawFigure({ ...figure, width, arrangement, columns });
      assert.equal(size.width, width);
      const [, across, down] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number);
      assert.match(svg, new RegExp(`width="${width}mm" height="${Math.round(100 * size.height) / 100}mm"`));
      // Points of 1/72 inch.
      assert.ok(
        Math.abs(across - width / 25.4 * 72) < 0.01 && Math.abs(down - size.height / 25.4 * 72) < 0.01,
      );
      const boxes = boxesOf(svg);
      assert.equal(boxes.length, 4);
      for (const [place, [x, y, wide, high]] of boxes.entries()) {
        assert.ok(x + wide <= across + 0.02 && y + high <= down);
        for (const [left, top, w, h] of boxes.slice(0, place)) {
          assert.ok(
            x >= left + w || left >= x + wide || y >= top + h || top >= y + high,
            "pictures overlap",
          );
        }
      }
      assert.ok(Math.abs(boxes[0][2] / boxes[0][3] - 4 / 3) < 1e-2);
      for (const [, , wide, high] of boxes.slice(1)) assert.ok(Math.abs(wide - high) < 0.02);
      const lines = Array.from(svg.matchAll(/<text x="0" y="([\d.]+)">word/g), ([, y]) => Number(y));
      assert.ok(lines.length >= 2 && lines.at(-1)! < down);
      assert.ok(lines[0] > Math.max(...boxes.map(([, y, , high]) => y + high)));
    });
  }
}

Deno.test("map and patterns beside each other end on one line", () => {
  const [map, , , last] = boxesOf(drawFigure(figure).svg);
  assert.ok(Math.abs(map[1] + map[3] - (last[1] + last[3])) < 0.05);
});

Deno.test("what a figure says: scale bars, numbers where they fit, titles that fit and cannot become markup", () => {
  const { svg } = drawFigure(figure);
  // Ten nanometres of forty, and 0.1 of 0.64 inverse angstroms.
  assert.match(svg, />10 nm</);
  assert.equal(svg.match(/>0\.1 Å⁻¹</g)?.length, 3);
  const numbers = /<g class="numbers"[^>]*>(.*?)<\/g>/.exec(svg)![1];
  assert.match(numbers, />0</);
  assert.doesNotMatch(numbers, />12</);
  assert.match(svg, />b<\/text>.*>Cluster 0 &#60;a &#38; b&#62;</);
  assert.doesNotMatch(svg, /longer than any/);
  for (const said of [">in no cluster<", ">900 counts<", ">log scale<", 'fill="#c65459"']) {
    assert.ok(svg.includes(said), said);
  }
  // The outline between the halves and around both: a line in its casing.
  assert.equal(/<g class="outlines">(.*?)<\/g>/s.exec(svg)![1].match(/<path/g)?.length, 2);
});

Deno.test("a figure without patterns, caption and legend is its map", () => {
  const bare = { ...figure, patterns: [], caption: "", map: { ...figure.map, legend: null, numbers: [] } };
  const { svg } = drawFigure({ ...bare, map: { ...bare.map, outlines: undefined, pixelSize: undefined } });
  assert.equal(boxesOf(svg).length, 1);
  assert.equal(boxesOf(svg)[0][2], Math.round(100 * 178 / 25.4 * 72) / 100);
  assert.doesNotMatch(svg, /colour-bar|scale-bar|outlines/);
});
