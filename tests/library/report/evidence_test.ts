/** What speaks for a threshold, drawn in the report and in the terminal. */

import assert from "node:assert/strict";
import { chooseThreshold, type ThresholdEvidence } from "../../../library/cluster/automatic_threshold.ts";
import { buildForest } from "../../../library/cluster/forest.ts";
import { evidenceText } from "../../../commands/clusters/evidence_text.ts";
import { evidencePlace, thresholdAxis } from "../../../library/report/evidence_axis.ts";
import { renderEvidence } from "../../../library/report/evidence_plot.ts";
import { renderReport } from "../../../library/report/html.ts";
import { drawClustering, resultOf } from "../../support/clustering.ts";
import { randomField } from "../../support/forests.ts";

const field = randomField(45, { largest: 60, levels: 1_000_000 });
const { threshold, evidence } = chooseThreshold(buildForest(field), field.mask);

/** Evidence of a few thresholds, all else being made up. */
function evidenceAt(...thresholds: number[]): ThresholdEvidence {
  return {
    thresholds: Float32Array.from(thresholds),
    entropy: Float32Array.from(thresholds, (_, place) => place),
    clusters: Uint32Array.from(thresholds, (_, place) => place + 1),
    coverage: Float32Array.from(thresholds, () => 0.5),
    largest: Float32Array.from(thresholds, () => 0.25),
    sizeable: 9,
    best: { threshold: Math.fround(thresholds.at(-1) ?? 0), entropy: thresholds.length - 1 },
  };
}

/** Thresholds of every kind: near 1, of 1 and above, negative, close together. */
const kinds: readonly ThresholdEvidence[] = [
  evidence,
  evidenceAt(-1, 1),
  evidenceAt(0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1, 1.0000001),
  evidenceAt(0.91, 0.92),
  evidenceAt(-0.5, -0.4, 0.2),
  { ...evidenceAt(0.2, 0.9), entropy: new Float32Array(2), best: { threshold: 0.2, entropy: 0 } },
];

Deno.test("the axis is logarithmic in 1 - T, has round thresholds on it, and holds what lies beyond its ends", () => {
  const axis = thresholdAxis(evidenceAt(0.9, 0.99, 0.999))!;
  assert.ok(Math.abs(axis.place(0.99) - 0.5) < 1e-4);
  assert.deepEqual([axis.place(-1), axis.place(1)], [0, 1]);
  const wide = thresholdAxis(evidenceAt(0, 0.99))!;
  assert.deepEqual(
    wide.ticks.map(({ threshold, decimals }) => threshold.toFixed(decimals)),
    ["0", "0.5", "0.8", "0.9", "0.95", "0.98", "0.99"],
  );
  wide.ticks.slice(1).forEach((tick, place) => assert.ok(tick.place > wide.ticks[place].place));
  const deep = thresholdAxis(evidenceAt(0, 0.99991))!;
  assert.deepEqual(deep.ticks.map(({ threshold }) => threshold.toFixed(4)), [
    ...["0.0000", "0.9000", "0.9900", "0.9990", "0.9999"],
  ]);
  for (const none of [evidenceAt(), evidenceAt(0.5), evidenceAt(1, 1.0000001)]) {
    assert.equal(thresholdAxis(none), null);
  }
});

Deno.test("what holds between two thresholds is what holds at the higher, and above all what holds at the highest", () => {
  const three = evidenceAt(0.25, 0.5, 0.75);
  assert.deepEqual([0, 0.25, 0.3, 0.5, 0.51, 0.75, 0.9].map((at) => evidencePlace(three, at)), [
    ...[0, 0, 1, 1, 2, 2, 2],
  ]);
});

Deno.test("the plot has a title, a description with the figures, and curves told apart by stroke", () => {
  const plot = renderEvidence(evidence, threshold)!.toString();
  assert.match(plot, /^<svg [^>]*role="img" aria-labelledby="evidence-title evidence-description">/);
  assert.match(plot, /<title id="evidence-title">[^<]+<\/title>/);
  assert.match(plot, /<desc id="evidence-description">[^<]*At the applied threshold [\d.−]+ the entropy is/);
  for (const stroke of ["solid", "dashed", "dotted"]) {
    assert.equal(plot.match(new RegExp(`class="curve ${stroke}"`, "g"))?.length, 1, stroke);
  }
  assert.equal(plot.match(/class="applied"/g)?.length, 1);
  assert.ok(!plot.includes('class="best"'), "the applied threshold is the best");
  assert.ok(renderEvidence(evidence, -0.9)!.toString().includes('class="best"'));
});

Deno.test("plots stay within their frame and have no NaN, whatever the thresholds", () => {
  for (const one of kinds) {
    for (const applied of [-1, 0.5, one.best.threshold, 1]) {
      const plot = renderEvidence(one, applied)!.toString();
      assert.doesNotMatch(plot, /NaN|Infinity|undefined/);
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(plot)!.map(Number);
      for (const [, points] of plot.matchAll(/points="([^"]*)"/g)) {
        for (const point of points.split(" ")) {
          const [x, y] = point.split(",").map(Number);
          assert.ok(x >= 0 && x <= width && y >= 0 && y <= height, point);
        }
      }
    }
  }
  assert.equal(renderEvidence(evidenceAt(0.5), 0.5), null);
});

Deno.test("the text plot is plain, at most 72 characters wide and 12 lines high, and marks the applied threshold", () => {
  for (const one of kinds) {
    for (const applied of [-1, 0.5, one.best.threshold, 1]) {
      const text = evidenceText(one, applied), lines = text.split("\n");
      assert.match(text, /^[\x20-\x7e\n]*$/);
      assert.ok(lines.length <= 12, `${lines.length} lines`);
      for (const line of lines) assert.ok(line.length <= 72 && line === line.trimEnd(), line);
      assert.equal(lines.filter((line) => line.includes("^")).length, 1);
      const column = lines.find((line) => line.includes("^"))!.indexOf("^");
      assert.equal(lines.filter((line) => line[column] === "|").length, 6);
      assert.doesNotMatch(text, /NaN|Infinity|undefined/);
    }
  }
  assert.equal(evidenceText(evidenceAt(0.5), 0.5), "");
});

Deno.test("columns of the text plot are as high as the entropy there", () => {
  const text = evidenceText(evidenceAt(0.9, 0.99, 0.999), 0.999).split("\n");
  const heightAt = (column: number) => text.slice(1, 7).filter((line) => line[10 + column] === "#").length;
  assert.deepEqual([heightAt(0), heightAt(1), heightAt(28), heightAt(31), heightAt(58)], [0, 3, 3, 6, 6]);
});

Deno.test("the report shows the plot where there is evidence, and none without a threshold", () => {
  const page = (changes: Parameters<typeof drawClustering>[1]) => {
    const clustering = drawClustering(["0011", "0.12"], changes);
    const { scan, run } = resultOf(clustering);
    return renderReport({ clustering, scan, run, patterns: null, bytesIn: 1, bytesOut: 1, timings: {} });
  };
  assert.match(page({ evidence }), /<h2>Other thresholds<\/h2>[^]*<svg class="evidence"/);
  assert.doesNotMatch(page({}), /Other thresholds/);
  const settled = { blur: 0, detectorMask: { kind: "none" }, threshold: null } as const;
  assert.doesNotMatch(page({ evidence, settled }), /Other thresholds/);
  assert.doesNotMatch(page({ evidence: evidenceAt(0.5) }), /Other thresholds/);
});
