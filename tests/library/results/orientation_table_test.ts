/** `orientations.csv` read back: what it says, and what is no such table. */

import assert from "node:assert/strict";
import { parseOrientationTable } from "../../../library/results/orientation_table.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";

const header = "cluster,phase,score,reliability,explained,peaks,phi1,Phi,phi2,zone_axis,ambiguous,m11";
const line = "0,Au,0.9078,20.7,0.816,8,119.78,2.40,1.99,[-1 0 1],1,-0.5";
const none = "1,,,,,,,,,,,";
const table = (...lines: string[]) => [...lines, ""].join("\n");

Deno.test("numbers are those of the table, clusters without an orientation have none", () => {
  assert.deepEqual(parseOrientationTable(table(header, line, none), "t.csv", 2), [
    {
      ...{ score: 0.9078, reliability: 20.7, explained: 0.816, peaks: 8 },
      ...{ phi1: 119.78, capitalPhi: 2.4, phi2: 1.99, zoneAxis: "[-1 0 1]", ambiguous: true },
    },
    undefined,
  ]);
  // Other columns, another order and other line ends.
  const turned = table(
    header.replace("phase,score", "score,grain,phase"),
    "0,0.5,7,Au,0,1,3,0,180,360,[0 0 1],0,1",
  );
  const [read] = parseOrientationTable(turned.replaceAll("\n", "\r\n"), "t.csv", 1);
  assert.deepEqual([read?.score, read?.peaks, read?.phi2, read?.ambiguous], [0.5, 3, 360, false]);
});

Deno.test("what is no table of these clusters is refused with the place that is wrong", () => {
  const refused: readonly (readonly [text: string, clusters: number, expected: RegExp])[] = [
    ["", 0, /no column cluster, zone_axis, score/],
    [table(header.replace("Phi,", ""), line), 1, /no column Phi$/],
    [table(header, line), 2, /the table of other clusters/],
    [table(header, line, none, none), 2, /the table of other clusters/],
    [table(header, line.replace("0,Au", "1,Au")), 1, /line 2 of t.csv/],
    [table(header, `${line},5`), 1, /line 2 of t.csv/],
    [table(header, line.replace("2.40", "181")), 1, /line 2 of t.csv/],
    [table(header, line.replace("20.7", "much")), 1, /line 2 of t.csv/],
    [table(header, line.replace("119.78", "")), 1, /line 2 of t.csv/],
    [table(header, line.replace("0.9078", "Infinity")), 1, /line 2 of t.csv/],
  ];
  for (const [text, clusters, expected] of refused) {
    assert.throws(() => parseOrientationTable(text, "t.csv", clusters), (cause) => {
      assert.ok(
        cause instanceof CorruptFile && cause.details.file === "t.csv" && cause.details.remedy,
        String(cause),
      );
      assert.match(cause.message, expected);
      return true;
    });
  }
});
