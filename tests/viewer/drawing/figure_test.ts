import assert from "node:assert/strict";
import { figureSvg, wrap } from "../../../viewer/drawing/figure.ts";

const picture = { href: "data:image/png;base64,AAAA", rows: 30, columns: 40 };

Deno.test("a figure has its parts beside each other, their bars, and a caption that fits its width", () => {
  const pixelSize = { row: 1, column: 1, unit: "nm" }, qPixelSize = { row: 0.02, column: 0.02, unit: "A^-1" };
  const numbers = [
    { text: "0", row: 5, column: 5, depth: 5 },
    { text: "12", row: 20, column: 20, depth: 0.2 },
  ];
  const svg = figureSvg({
    map: { ...picture, pixelSize, numbers },
    patterns: ["Cluster 0 <a & b>", "Cluster 1", "Cluster 2"].map((title) => ({
      ...{ ...picture, rows: 32, columns: 32, pixelSize: qPixelSize, title },
    })),
    bar: { map: "inferno", low: "0", high: "900 counts" },
    caption: "word ".repeat(60),
  });
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  const images = Array.from(
    svg.matchAll(/<image x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
    (found) => found.slice(1).map(Number),
  );
  assert.equal(images.length, 4);
  for (const [place, [x, y, wide, high]] of images.entries()) {
    assert.ok(x + wide <= width && y + high <= height);
    for (const [left, top, w, h] of images.slice(0, place)) {
      assert.ok(x >= left + w || left >= x + wide || y >= top + h || top >= y + high, "pictures overlap");
    }
  }
  assert.ok(Math.abs(images[0][2] / images[0][3] - 4 / 3) < 1e-3);
  // Ten nanometres of forty, and 0.1 of 0.64 inverse angstroms.
  assert.match(svg, />10 nm</);
  assert.equal(svg.match(/>0\.1 Å⁻¹</g)?.length, 3);
  // Numbers where they fit, text that cannot become markup.
  assert.match(svg, />0</);
  assert.doesNotMatch(svg, />12</);
  assert.match(svg, /b {2}Cluster 0 &#60;a &#38; b&#62;/);
  const last = Array.from(svg.matchAll(/<text x="0" y="([\d.]+)" fill="#222">/g), ([, y]) => Number(y));
  assert.ok(last.length >= 2 && last.at(-1)! < height);
});

Deno.test("words are kept whole in lines as long as they can be", () => {
  assert.deepEqual(wrap(" one two  three four", 9), ["one two", "three", "four"]);
  assert.deepEqual(wrap("incomprehensibilities now", 5), ["incomprehensibilities", "now"]);
  assert.deepEqual(wrap("", 5), []);
});
