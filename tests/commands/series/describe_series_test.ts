/** What a series came to, in words, and how its events are scored. */

import assert from "node:assert/strict";
import { describeSeries } from "../../../commands/series/series.ts";
import type { SeriesRecord } from "../../../library/results/series/record.ts";
import type { TrackEvent } from "../../../library/series/events.ts";
import { renderSeriesPage } from "../../../library/report/series_page.ts";
import { createImage } from "../../../library/report/image.ts";

const record: SeriesRecord = {
  ...{ program: "crystallite", kind: "series", version: "0", command: [], started: "", warnings: [] },
  ...{ axis: { name: "frame" }, frames: [], shape: { rows: 3, columns: 4 }, linking: {}, tracks: 5 },
  ...{ events: { merge: 3, birth: 2 }, doubtful: { merge: 2 }, restlessness: 0.01 },
  drift: { row: 3, column: 4, untrusted: 0 },
};

Deno.test("events are told with how many of them are doubtful, also in older records, which do not know", () => {
  const told = (record: SeriesRecord) => new Map(describeSeries("out", record)).get("events");
  assert.equal(told(record), "3 merge (2 doubtful), 2 birth");
  assert.equal(told({ ...record, doubtful: undefined }), "3 merge, 2 birth");
  assert.equal(told({ ...record, events: {} }), "none");
});

Deno.test("what frames were warned of is pointed to, and where nothing is tracked no calm is claimed", () => {
  const told = (changed: Partial<SeriesRecord>) => new Map(describeSeries("out", { ...record, ...changed }));
  assert.equal(told({}).get("warnings"), undefined);
  assert.match(told({}).get("restless")!, /calm/);
  const drift = { ...record.drift, untrusted: 1 }, warnings = ["frame 0: The real-space mask is empty"];
  const vacuum = told({ tracks: 0, drift, warnings });
  assert.equal(vacuum.get("warnings"), "1 warning, see out/report.html");
  assert.equal(vacuum.get("restless"), undefined);
  assert.match(vacuum.get("drift")!, /; 1 step could not be measured$/);
});

Deno.test("the report says how many mergers and splits are doubtful, and which events", () => {
  const event = (kind: TrackEvent["kind"], doubtful: boolean): TrackEvent => ({
    ...{ kind, doubtful, frame: 1, track: 1, partner: 0, size: 9, partnerSize: 20, weight: 1, cosine: 0.5 },
    ...{
      unionCosine: NaN,
      borderBefore: NaN,
      borderNow: NaN,
      areaPassed: 1,
      atRim: false,
      provisional: false,
    },
    ...{ seen: 1, covered: 0, light: 0, row: 1, column: 1 },
  });
  const line = { from: { row: 0, column: 0 }, to: { row: 0, column: 3 } },
    image = createImage(4, 3, [0, 0, 0]);
  const page = renderSeriesPage({
    ...{ name: "film", version: "0", started: new Date(0), command: [], frames: 2, axis: { name: "frame" } },
    ...{ shape: { rows: 3, columns: 4 }, shown: [], colours: new Uint32Array(2), curves: [], summaries: [] },
    ...{
      kymograph: { line, image },
      restlessness: 0,
      drift: { row: 0, column: 0, untrusted: 0 },
      warnings: [],
    },
    events: [event("merge", true), event("merge", false), event("split", true), event("death", true)],
  });
  assert.match(page, /2 · 1<\/dd><dd class="detail">2 of them doubtful</);
  assert.equal(page.match(/<td>doubtful<\/td>/g)?.length, 3);
});
