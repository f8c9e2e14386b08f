/** The section of the report that says how far to trust it. */

import assert from "node:assert/strict";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { renderReport } from "../../../library/report/html.ts";
import { describeBackground, describeStability } from "../../../library/report/trust_text.ts";
import { drawClustering, resultOf } from "../../support/clustering.ts";

const drawing = ["0011", "0.12", "##22"];

function pageOf(changes: Partial<Clustering>): string {
  const clustering = drawClustering(drawing, changes);
  const { scan, run } = resultOf(clustering);
  return renderReport({ clustering, scan, run, patterns: null, bytesIn: 1, bytesOut: 1, timings: {} });
}

const regions: NonNullable<Clustering["regions"]> = {
  stability: 0.875,
  margin: Float32Array.from({ length: 12 }, (_, probe) => probe),
  borderlinePairs: [
    { first: 0, second: 1, similarity: 0.7004, borderLength: 4 },
    { first: 1, second: 2, similarity: 0.6504, borderLength: 9 },
  ],
  bendingPairs: [{ first: 0, second: 2, similarity: 0.5, localSimilarity: 0.8 }],
};
const background = { present: true, doubtful: true, valley: 0.25, ratio: 0.125 };

Deno.test("regions have stability in words, a map of margins, and both tables; longest borders first", () => {
  const page = pageOf({ regions });
  assert.match(page, /<h2>How far to trust this<\/h2>/);
  assert.match(page, /<strong>0\.88<\/strong> of 1: some boundaries or clusters may be off/);
  assert.match(page, /<h3>Margin<\/h3>[^]*alt="Margin: 0 to 10 standard errors, one pixel per probe\."/);
  assert.ok(page.indexOf("<td>0.650</td><td>9</td>") < page.indexOf("<td>0.700</td><td>4</td>"));
  assert.ok(page.includes("<td>0.650</td><td>9</td>") && page.includes("<td>0.500</td><td>0.800</td>"));
  assert.doesNotMatch(page.replace(/base64,[^"]*/g, ""), /NaN|undefined|\[object/);
});

Deno.test("a background alone is told of without tables, and runs with neither have no such section", () => {
  const page = pageOf({ background });
  assert.match(
    page,
    /<dt>Background<\/dt><dd>found and left out, but doubtful: --mask none keeps these probes/,
  );
  assert.doesNotMatch(page, /Margin|bent crystal/);
  assert.doesNotMatch(pageOf({}), /How far to trust this/);
});

Deno.test("a doubtful background shows the map as decided and the other one, a certain one does not", () => {
  const otherBackground = Int32Array.from(
    drawing.join(""),
    (letter) => letter === "#" ? 3 : Number(letter) || 0,
  );
  const page = pageOf({ regions: { ...regions, otherBackground }, background });
  assert.match(page, /<h3>Background left out, as decided<\/h3>[^]*<h3>The same without a background<\/h3>/);
  const none = { ...background, present: false };
  assert.match(
    pageOf({ regions: { ...regions, otherBackground }, background: none }),
    /<h3>No background, as decided<\/h3>[^]*<h3>The same with what was proposed left out<\/h3>/,
  );
  assert.doesNotMatch(pageOf({ regions, background }), /as decided/);
});

Deno.test("tables of pairs stop at 20 and say how many there are; without pairs they say so", () => {
  const pair = { first: 0, second: 1, similarity: 0.7, borderLength: 3 };
  const many = { ...regions, borderlinePairs: Array.from({ length: 33 }, () => pair), bendingPairs: [] };
  const page = pageOf({ regions: many });
  assert.match(page, /The first 20 of 33 pairs\./);
  assert.equal(page.match(/<td>0\.700<\/td><td>3<\/td>/g)?.length, 20);
  assert.match(page, /No two neighbouring clusters look like one bent crystal\./);
});

Deno.test("the words for stability and background follow the figures", () => {
  assert.match(describeStability(0.95), /nearly the same/);
  assert.match(describeStability(0.949), /may be off/);
  assert.match(describeStability(0.75), /may be off/);
  assert.match(describeStability(0.749), /do not rely/);
  assert.match(describeStability(0), /nothing speaks/);
  assert.equal(describeBackground({ present: true, doubtful: false }), "found and left out");
  assert.equal(
    describeBackground({ present: true, doubtful: false, coverage: 0.714 }),
    "71 % of the field, found and left out",
  );
  assert.equal(describeBackground({ present: false, doubtful: false }), "none found");
  assert.match(describeBackground({ present: true, doubtful: true }), /--mask none/);
  assert.match(describeBackground({ present: false, doubtful: true }), /--mask FILE/);
});
