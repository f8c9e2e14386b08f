import assert from "node:assert/strict";
import { drawDetector, drawScaleBar, scaleBarBox } from "../../../../viewer/drawing/overlay.ts";
import { drawBadPixels } from "../../../../viewer/drawing/bad_pixel_marks.ts";
import { drawShape } from "../../../../viewer/drawing/shape_drawing.ts";
import { drawSpotMarks } from "../../../../viewer/drawing/spot_marks.ts";
import { SvgInk } from "../../../../viewer/drawing/svg/svg_ink.ts";
import { textWidth, wrapText } from "../../../../viewer/drawing/svg/text_width.ts";
import { fitViewport } from "../../../../viewer/drawing/viewport.ts";

const viewport = fitViewport({ rows: 32, columns: 32 }, { width: 320, height: 320, ratio: 1 });

Deno.test("marks on a pattern are circles, crosses and words at their places", () => {
  const ink = new SvgInk();
  drawSpotMarks(
    ink,
    viewport,
    {
      diskRadius: 1,
      measured: [{ row: 3, column: 7 }],
      spots: [{ row: 20, column: 10, indices: [1, -1, 2], low: true, intensity: 1 }],
    } as unknown as Parameters<typeof drawSpotMarks>[2],
  );
  const svg = String(ink.toMarkup());
  // The middle of pixel (3, 7) is at 75, 35; a circle of 1.15 pixels about it.
  assert.match(svg, /d="[^"]*M86\.5 35A11\.5 11\.5 0 1 1 63\.5 35A11\.5 11\.5 0 1 1 86\.5 35Z"/);
  assert.match(svg, /d="M100 205L110 205M105 200L105 210"/);
  // Each word once, its casing behind its ink; the bar over the second index.
  assert.deepEqual(
    Array.from(svg.matchAll(/<text[^>]*paint-order="stroke"[^>]*>(\d)</g), ([, text]) => text),
    [
      "1",
      "1",
      "2",
    ],
  );
});

Deno.test("indices stand at the left of a spot at whose right they would be cut off", () => {
  const ends = [10, 31].map((column) => {
    const ink = new SvgInk();
    drawSpotMarks(
      ink,
      viewport,
      {
        ...{ diskRadius: 1, measured: [] },
        spots: [{ row: 20, column, indices: [1, 1, 2], low: true, intensity: 1 }],
      } as unknown as Parameters<typeof drawSpotMarks>[2],
    );
    const places = String(ink.toMarkup()).matchAll(/<text[^>]* x="([\d.]+)"/g);
    return Array.from(places, ([, x]) => Number(x));
  });
  assert.ok(ends.every((places) => places.length >= 3), JSON.stringify(ends));
  assert.ok(ends[0].every((x) => x > 105), JSON.stringify(ends));
  assert.ok(ends[1].every((x) => x < 310), JSON.stringify(ends));
});

Deno.test("colours are written as the first edition of SVG has them, strokes where they were drawn", () => {
  const ink = new SvgInk();
  drawScaleBar(ink, viewport, { row: 1, column: 1, unit: "nm" });
  drawDetector(ink, viewport, { row: 15.5, column: 15.5, outer: 4 });
  const svg = String(ink.toMarkup());
  assert.match(svg, />5 nm<\/text>/);
  assert.match(svg, /fill="rgb\(0,0,0\)" fill-opacity="0.8"/);
  assert.doesNotMatch(svg, /rgb\(\d+ /);
  assert.match(svg, /M200 160A40 40 0 1 1 120 160A40 40 0 1 1 200 160Z/);
});

Deno.test("a brush is painted in probes, and what comes after it is not", () => {
  const ink = new SvgInk();
  drawShape(ink, viewport, {
    kind: "brush",
    radius: 2,
    line: [{ row: 1, column: 1 }, { row: 5, column: 1 }],
  });
  const [painted, tip] = String(ink.toMarkup()).split("\n");
  assert.match(painted, /d="M1 1L1 5".*stroke-width="4".*transform="matrix\(10 0 0 10 0 0\)"/);
  assert.match(tip, /^<path d="M30 50A/);
  assert.doesNotMatch(tip, /transform/);
});

Deno.test("parts of ellipses are refused, in place of being drawn whole", () => {
  assert.throws(() => new SvgInk().newPath().arc(0, 0, 1, 0, 1), RangeError);
});

Deno.test("words are kept whole in lines as long as they can be", () => {
  assert.deepEqual(wrapText(" one two  three four", 10, 45), ["one two", "three", "four"]);
  assert.deepEqual(wrapText("incomprehensibilities now", 10, 20), ["incomprehensibilities", "now"]);
  assert.deepEqual(wrapText("", 10, 5), []);
  assert.ok(textWidth("WWW", 10) > textWidth("iii", 10));
});

Deno.test("indices of spots are written over no words of the scale bar, nor above the picture", () => {
  const size = { row: 0.02, column: 0.02, unit: "A^-1" };
  /** Places of the words of a spot's indices, beside a scale bar. */
  const wordsOf = (row: number, column: number) => {
    const ink = new SvgInk(), spot = { row, column, indices: [2, 2, 0], low: true, intensity: 1 };
    const marks = { diskRadius: 1, measured: [], spots: [spot] };
    drawSpotMarks(
      ink,
      viewport,
      marks as unknown as Parameters<typeof drawSpotMarks>[2],
      scaleBarBox(ink, viewport, size),
    );
    return Array.from(
      String(ink.toMarkup()).matchAll(/<text x="([\d.]+)" y="([\d.]+)"/g),
      ([, x, y]) => ({ x: Number(x), y: Number(y) }),
    );
  };
  const bar = scaleBarBox(new SvgInk(), viewport, size)!;
  assert.ok(bar.x < 20 && bar.y > 270 && bar.x + bar.width < 120, JSON.stringify(bar));
  // Elsewhere they stand at the right of the spot and above it.
  const usual = wordsOf(10, 10);
  assert.equal(usual.length, 3);
  assert.ok(usual.every(({ x, y }) => x > 105 && y < 105));
  // Right above the bar neither side is free; beside it the other side is.
  assert.deepEqual(wordsOf(29, 4), []);
  const column = Math.ceil((bar.x + bar.width) / 10);
  assert.ok(wordsOf(29, column).every(({ x }) => x > bar.x + bar.width));
  // At the top they stand below.
  assert.ok(wordsOf(0, 10).every(({ y }) => y >= 10), JSON.stringify(wordsOf(0, 10)));
  // Where nothing is written nothing is left out.
  assert.equal(scaleBarBox(new SvgInk(), viewport, undefined), null);
});

Deno.test("marks of bad pixels look the same whatever was drawn before", () => {
  const marks = (before: CanvasLineJoin) => {
    const ink = new SvgInk();
    ink.lineJoin = before;
    drawBadPixels(ink, viewport, [70, 71]);
    return String(ink.toMarkup());
  };
  assert.equal(marks("round"), marks("miter"));
});
