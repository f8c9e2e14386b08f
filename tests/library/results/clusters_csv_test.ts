/** The table of clusters as text. */

import assert from "node:assert/strict";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { formatClustersCsv, parseClustersCsv } from "../../../library/results/clusters_csv.ts";
import { drawClustering } from "../../support/clustering.ts";

Deno.test("the cluster table is plain text in full precision and reads back as it was", () => {
  const { clusters } = drawClustering(["00", "1."], {});
  const table = formatClustersCsv([{ ...clusters[0], meanSimilarity: 0.1 + 0.2 }, clusters[1]]);
  assert.equal(
    table,
    "id,size,seed_row,seed_column,row,column,first_row,last_row,first_column,last_column,mean_similarity\n" +
      `0,2,0,${clusters[0].seed.column},0,0.5,0,0,0,1,0.30000000000000004\n` +
      `1,1,1,0,1,0,1,1,0,0,${clusters[1].meanSimilarity}\n`,
  );
  assert.deepEqual(parseClustersCsv(table, "x"), [
    { ...clusters[0], meanSimilarity: 0.1 + 0.2 },
    clusters[1],
  ]);
  assert.deepEqual(parseClustersCsv(table.replaceAll("\n", "\r\n"), "x").length, 2);
  for (
    const damaged of [
      "",
      table.replace("id,", "ID,"),
      table.replace("0.5", ""),
      table.replace("\n1,", "\n2,"),
    ]
  ) {
    assert.throws(() => parseClustersCsv(damaged, "x"), CorruptFile);
  }
});

Deno.test("the cluster table has columns of notes where there are any, which no spreadsheet runs, and reads back", () => {
  const { clusters, labels } = drawClustering(["00", "1."], {}), map = { labels, columns: 2 };
  const plain = formatClustersCsv(clusters);
  for (const notes of [undefined, [], [{ probe: [1, 1] as const, text: "in no cluster" }]]) {
    assert.equal(formatClustersCsv(clusters, { notes, ...map }), plain);
  }
  const notes = [
    { probe: [0, 0], text: '=HYPERLINK("x"), #Twin' },
    { probe: [0, 1], text: "+1 #Σ3 #twin" },
    { probe: [1, 0], text: "#-x" },
  ] as const;
  const table = formatClustersCsv(clusters, { notes, ...map });
  const [header, first, second] = table.split("\n");
  assert.equal(header, `${plain.split("\n")[0]},note,tags`);
  assert.ok(first.endsWith(`,"'=HYPERLINK(""x""), #Twin; +1 #Σ3 #twin","twin σ3"`), first);
  assert.ok(second.endsWith(`,"#-x","'-x"`), second);
  assert.deepEqual(parseClustersCsv(table, "x"), parseClustersCsv(plain, "x"));
  for (
    const damaged of [
      table.replace(",note,", ",notes,"),
      table.replace(/,"#-x".*/, ""),
      plain.replace("\n", ",note,tags\n"),
    ]
  ) {
    assert.throws(() => parseClustersCsv(damaged, "x"), CorruptFile);
  }
});
