import assert from "node:assert/strict";
import { captionOf } from "../../../../viewer/page/figure/caption.ts";
import { parseIds } from "../../../../viewer/page/figure/choices.ts";
import { parameterSentence } from "../../../../viewer/page/running/parameter_sentence.ts";

const words = ["--blur", "1", "--q-mask", "outside:4", "--threshold", "0.985"];

Deno.test("parameters are said in the words of their fields, never as flags", () => {
  const sentence = parameterSentence(words);
  assert.match(sentence, /blur 1 px/);
  assert.match(sentence, /similarity threshold.* 0\.985/);
  assert.doesNotMatch(sentence, /--|outside:/);
  assert.equal(parameterSentence(["--threshold", "auto"]), "");
});

Deno.test("a caption says what is shown, at which threshold, with how many corrections", () => {
  const parts = {
    ...{ name: "film", map: "Clusters", rows: 40, columns: 48, clusters: 1, words },
    ...{ patterns: 3, scale: "logarithmic", spots: false },
    view: { source: "method" },
  } as const;
  const plain = captionOf(parts);
  assert.match(
    plain,
    /^film: \(a\) clusters of 40 × 48 probes; 1 cluster\. \(b–d\) Average patterns of n probes each/,
  );
  assert.doesNotMatch(plain, /--/);
  const operations = [{}, {}] as never, edits = { version: 1, operations, cursor: 1 } as const;
  const other = captionOf({
    ...parts,
    ...{ map: "e_xx", note: "along x", patterns: 0 },
    view: { source: "threshold", threshold: 0.9, minimumSize: 4, edits },
  });
  assert.match(
    other,
    /\(a\) e_xx \(along x\) of .*threshold of 0\.9\d* and a minimum size of 4 probes, with 1 correction by hand\./,
  );
  assert.doesNotMatch(other, /\(b/);
});

Deno.test("numbers of clusters are read one by one and as ranges", () => {
  assert.deepEqual(parseIds("3, 0 7-9; 2"), [3, 0, 7, 8, 9, 2]);
  assert.deepEqual(parseIds("9 – 7"), [9, 8, 7]);
  for (const wrong of ["a", "1.5", "-1", "0-9999"]) assert.equal(parseIds(wrong), null, wrong);
});
