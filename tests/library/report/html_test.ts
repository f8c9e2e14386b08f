import assert from "node:assert/strict";
import type { ReportContent } from "../../../library/report/content.ts";
import { sizeHistogram } from "../../../library/report/histogram.ts";
import { renderReport } from "../../../library/report/html.ts";
import { markup } from "../../../library/report/markup.ts";
import {
  formatBytes,
  formatCount,
  formatNumber,
  formatPercent,
  formatSeconds,
} from "../../../library/report/number_format.ts";
import { quoteArgument } from "../../../library/scan/quote_argument.ts";
import { averageBatches, drawClustering, resultOf } from "../../support/clustering.ts";

const clustering = drawClustering(["0011", "0.12", "##22"]);

function contentOf(changes: Partial<ReportContent> = {}): ReportContent {
  const { scan, run } = resultOf(clustering);
  const patterns = [...averageBatches(clustering, 1)].map(({ first, patterns }) => ({
    cluster: clustering.clusters[first],
    average: patterns,
    seedPattern: patterns.map((value) => value * 2),
  }));
  return {
    clustering,
    scan,
    run,
    patterns,
    bytesIn: 480,
    bytesOut: 1234,
    timings: clustering.timings,
    ...changes,
  };
}

/** Every address that a browser would follow or load. */
function addresses(page: string): string[] {
  const attributes = [...page.matchAll(/\b(?:src|srcset|href|action|data|poster)\s*=\s*"([^"]*)"/g)];
  const urls = [...page.matchAll(/url\(([^)]*)\)/g)];
  return [...attributes, ...urls].map((match) => match[1]);
}

Deno.test("the report asks the network for nothing: only data addresses, no scripts, no imports", () => {
  const page = renderReport(contentOf());
  const found = addresses(page);
  assert.ok(found.length >= 8);
  for (const address of found) assert.match(address, /^data:image\/png;base64,[A-Za-z0-9+/=]+$/);
  assert.doesNotMatch(page, /https?:|<script|<link|<iframe|@import|@font-face|\bon\w+=/i);
  assert.match(
    page,
    /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:/,
  );
});

Deno.test("names and warnings from files are escaped everywhere", () => {
  const hostile = `<img src=x onerror=alert(1)>"'&.npy`;
  const page = renderReport(contentOf({
    clustering: {
      ...clustering,
      warnings: [hostile],
      badPixels: { source: hostile, filled: [], masked: [] },
      parameters: {
        ...clustering.parameters,
        mask: { kind: "pixels", keep: new Uint8Array(12), source: hostile },
        detectorMask: { kind: "pixels", keep: new Uint8Array(20), source: hostile },
      },
    },
    scan: {
      ...contentOf().scan,
      source: { format: hostile, path: hostile, dataset: hostile },
      warnings: [hostile],
      calibration: {
        pixelSize: { row: 1, column: 1, unit: hostile },
        qPixelSize: { row: 1, column: 1, unit: hostile },
      },
    },
    run: { version: hostile, command: ["crystallite", hostile], started: new Date(0) },
    timings: { [hostile]: 1 },
  }));
  assert.doesNotMatch(page, /<img src=x/);
  const escaped = "&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;";
  assert.ok(page.split(escaped).length > 10);
  // Whatever remains of it must be inside text or a quoted attribute: no tag has grown an attribute of its own.
  assert.equal(
    [...page.matchAll(/<[^>"]*(?:"[^"]*"[^>"]*)*onerror/g)].filter(([tag]) => !tag.includes("&#60;img"))
      .length,
    0,
  );
});

Deno.test("the template escapes values, keeps markup, joins lists and leaves out nothing but nothing", () => {
  assert.equal(
    markup`<p title="${'"'}">${"<b>"}${markup`<i>${1}</i>`}${[markup`a`, "&"]}${null}${undefined}${0}</p>`
      .toString(),
    '<p title="&#34;">&#60;b&#62;<i>1</i>a&#38;0</p>',
  );
});

Deno.test("the report is structured and described for those who cannot see it", () => {
  const page = renderReport(contentOf());
  assert.match(page, /^<!doctype html>\n<html lang="en">/);
  assert.equal(page.match(/<h1>/g)?.length, 1);
  assert.equal(page.match(/<main>/g)?.length, 1);
  for (const image of page.match(/<img [^>]*>/g)!) assert.match(image, / alt="[^"]{10,}"/);
  assert.match(page, /<table><caption>All 3 clusters/);
  assert.match(page, /<svg class="histogram"[^>]*role="img" aria-label="Cluster sizes: [^"]+"/);
  assert.match(page, /<meta name="viewport"/);
  assert.match(page, /prefers-color-scheme: dark/);
});

Deno.test("the report gives the headline figures, the parameters and the command that makes it again", () => {
  const page = renderReport(contentOf());
  for (
    const text of [
      "one cluster per 4 probes",
      "75 %",
      "480 bytes → 1.23 kB",
      "Similarity threshold",
      "crystallite cluster scan.npy --out &#39;a result&#39;",
      "scale over a factor of 300",
      "300 keV",
      "0.05 Å⁻¹",
    ]
  ) assert.ok(page.includes(text), text);
  assert.equal(renderReport(contentOf()), page);
});

Deno.test("a report without averages, without clusters, without calibration, of a line scan says so and has no NaN", () => {
  const empty = drawClustering(["....", "...."]);
  const line = drawClustering(["0011..22"]);
  const column = drawClustering([..."001"]);
  const cases: [ReportContent, RegExp][] = [
    [contentOf({ patterns: null }), /No averages were computed/],
    [contentOf({ clustering: empty, patterns: [] }), /There are no clusters/],
    [contentOf({ scan: { ...contentOf().scan, calibration: {} } }), /step size unknown/],
    [contentOf({ clustering: line, patterns: [] }), /--aspect:8\.0000/],
    [contentOf({ clustering: column, patterns: [] }), /--aspect:0\.3333/],
  ];
  for (const [content, expected] of cases) {
    const page = renderReport(content);
    assert.match(page, expected);
    assert.doesNotMatch(page.replace(/base64,[^"]*/g, ""), /NaN|Infinity|undefined|\[object/);
  }
});

Deno.test("the table stops at 200 clusters and says how many there are", () => {
  const many = drawClustering(["0"]);
  const cluster = many.clusters[0];
  const content = contentOf({
    patterns: null,
    clustering: {
      ...many,
      clusters: Array.from({ length: 1234 }, (_, id) => ({ ...cluster, id, size: id + 1 })),
    },
  });
  const page = renderReport(content);
  assert.match(page, /The 200 largest of 1\u202f234 clusters/);
  assert.equal(page.match(/<th scope="row">/g)?.length, 200);
});

Deno.test("size bins double, hold every cluster once, and leave no gap", () => {
  const bins = sizeHistogram([1, 2, 3, 4, 7, 8, 70]);
  assert.deepEqual(bins.map((bin) => [bin.first, bin.last, bin.clusters]), [
    [1, 1, 1],
    [2, 3, 2],
    [4, 7, 2],
    [8, 15, 1],
    [16, 31, 0],
    [32, 63, 0],
    [64, 127, 1],
  ]);
  assert.deepEqual(sizeHistogram([]), []);
});

Deno.test("numbers are written as people read them", () => {
  assert.equal(formatCount(1234567), "1\u202f234\u202f567");
  assert.equal(formatNumber(-0.00374123), "−0.003741");
  assert.equal(formatNumber(3.2e-6, 3), "3.2 × 10⁻⁶");
  assert.equal(formatNumber(12345.678, 7), "12\u202f345.68");
  assert.equal(formatNumber(NaN), "—");
  assert.equal(formatBytes(999), "999 bytes");
  assert.equal(formatBytes(169_869_312), "170 MB");
  assert.equal(formatPercent(0.917), "92 %");
  assert.equal(formatPercent(0.9987), "99.9 %");
  assert.equal(formatSeconds(0.417), "0.42 s");
  assert.equal(formatSeconds(185), "3 min 5 s");
  assert.equal(formatSeconds(7440), "2 h 4 min");
});

Deno.test("words of the command line are quoted for the shell where they need it", () => {
  assert.equal(quoteArgument("--q-mask=outside:5"), "--q-mask=outside:5");
  assert.equal(quoteArgument("0.5 nm"), "'0.5 nm'");
  assert.equal(quoteArgument("it's"), `'it'\\''s'`);
  assert.equal(quoteArgument(""), "''");
});
