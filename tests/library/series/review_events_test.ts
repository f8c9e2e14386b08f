/** Which events hold when the whole series is known. */

import assert from "node:assert/strict";
import type { TrackEvent } from "../../../library/series/events.ts";
import { reviewEvents, type TrackLife } from "../../../library/series/review_events.ts";

const frames = 10;

/** An event of track 0 in frame 5 that nothing speaks against, but for what is changed. */
function reviewed(
  changes: Partial<TrackEvent>,
  life: Partial<TrackLife> = {},
): [kind: string, doubtful: boolean] {
  const event: TrackEvent = {
    ...{ kind: "birth", frame: 5, track: 0, partner: -1, size: 30, partnerSize: 0, weight: 0.5, cosine: 0.2 },
    ...{
      unionCosine: 0.99,
      borderBefore: 0.7,
      borderNow: NaN,
      areaPassed: 1,
      atRim: false,
      seen: 1,
      covered: 0,
      light: 0,
    },
    ...{ doubtful: false, row: 9, column: 9, provisional: false, ...changes },
  };
  const ends = ["merge", "vanish", "death", "leave"].includes(event.kind);
  const lives = [{ first: ends ? 0 : 5, last: ends ? 4 : 9, ...life }];
  const [{ kind, doubtful }] = reviewEvents([event], lives, frames);
  return [kind, doubtful];
}

Deno.test("a birth is one where nothing was before, and what was born stays", () => {
  assert.deepEqual(reviewed({}), ["birth", false]);
  assert.deepEqual(reviewed({ light: NaN }), ["birth", false], "nothing is known of the place");
  assert.deepEqual(reviewed({ light: 0.6 }), ["birth", true]);
  assert.deepEqual(reviewed({ covered: 0.4 }), ["birth", true]);
  assert.deepEqual(reviewed({ light: 0.4 }), ["birth", true], "a part of it was there");
  assert.deepEqual(reviewed({ covered: 0.2, light: 0.3 }), ["birth", false]);
  assert.deepEqual(reviewed({}, { last: 6 }), ["birth", true]);
  assert.deepEqual(reviewed({ frame: 8 }, { first: 8, last: 9 }), ["birth", false], "the series ended");
});

Deno.test("a death is one where nothing is afterwards, or others are, in two frames", () => {
  assert.deepEqual(reviewed({ kind: "death" }), ["death", false]);
  assert.deepEqual(reviewed({ kind: "death", light: 0.6 }), ["death", true]);
  assert.deepEqual(reviewed({ kind: "death", light: NaN, covered: 0.5 }), ["death", true]);
  assert.deepEqual(reviewed({ kind: "death", light: 0.4 }), ["death", true], "as for births");
  assert.deepEqual(reviewed({ kind: "death", light: NaN, covered: 1 }), ["death", false]);
  const taken = { kind: "death", light: NaN, covered: 1 } as const;
  assert.deepEqual(reviewed(taken, { largestArea: 100 }), ["death", false], "it had dwindled to 30");
  assert.deepEqual(reviewed(taken, { largestArea: 40 }), ["death", true], "nothing consumes it at once");
  assert.deepEqual(
    reviewed({ kind: "death" }, { largestArea: 40 }),
    ["death", false],
    "bare support is left",
  );
  assert.deepEqual(reviewed({ kind: "death", frame: 8 }, { last: 7 }), ["death", false]);
  assert.deepEqual(reviewed({ kind: "death", frame: 9 }, { last: 8 }), ["death", true]);
  assert.deepEqual(reviewed({ kind: "death" }, { first: 3 }), ["death", true]);
});

Deno.test("merger and split hand over area, between patterns that say so, and neither is of a moment", () => {
  assert.deepEqual(reviewed({ kind: "merge" }), ["merge", false]);
  assert.deepEqual(reviewed({ kind: "merge", areaPassed: 0.3 }), ["merge", true]);
  assert.deepEqual(reviewed({ kind: "merge", areaPassed: NaN }), ["merge", false]);
  assert.deepEqual(reviewed({ kind: "merge", unionCosine: 0.93 }), ["merge", true]);
  assert.deepEqual(reviewed({ kind: "merge", frame: 2 }, { last: 1 }), ["merge", true]);
  const split = { kind: "split", covered: 1, unionCosine: 0.3 } as const;
  assert.deepEqual(reviewed(split), ["split", false]);
  assert.deepEqual(reviewed({ ...split, areaPassed: 0.3 }), ["split", true]);
  assert.deepEqual(reviewed({ ...split, borderBefore: 1.3 }), ["split", true]);
  assert.deepEqual(reviewed({ ...split, covered: 0.85 }), ["split", true], "it came from beside the parent");
  assert.deepEqual(reviewed({ ...split, seen: 0.4 }), ["split", true]);
  assert.deepEqual(reviewed({ ...split, unionCosine: 0.6 }), ["split", true], "the parts are alike");
  assert.deepEqual(
    reviewed({ ...split, frame: 9 }, { first: 9 }),
    ["split", true],
    "only one frame shows it",
  );
});

Deno.test("what comes and goes at the rim has come in and left, and else has not", () => {
  assert.deepEqual(reviewed({ kind: "enter" })[0], "birth");
  assert.deepEqual(reviewed({ kind: "enter", atRim: true })[0], "enter");
  assert.deepEqual(reviewed({ kind: "enter", seen: 0.4 })[0], "enter");
  assert.deepEqual(reviewed({ kind: "leave" })[0], "death");
  assert.deepEqual(reviewed({ kind: "leave", atRim: true })[0], "leave");
  assert.deepEqual(reviewed({ kind: "vanish" })[0], "vanish");
  assert.deepEqual(reviewed({ kind: "vanish", atRim: true })[0], "leave");
  assert.deepEqual(reviewed({ kind: "merge", atRim: true })[0], "merge");
});

Deno.test("what begins or ends beside a frame that was lost is doubtful, also at the rim", () => {
  for (const kind of ["birth", "death", "enter", "leave"] as const) {
    assert.deepEqual(reviewed({ kind, seen: 0, covered: NaN, light: NaN, atRim: true }), [kind, true]);
  }
  assert.deepEqual(
    reviewed({ kind: "leave", seen: 0, light: NaN, atRim: true }),
    ["leave", false],
    "carried out",
  );
});

Deno.test("what gains far more than its guest's area has consumed it; what gains nothing and is alike has not", () => {
  assert.deepEqual(reviewed({ kind: "merge", areaPassed: 3 }), ["vanish", false]);
  assert.deepEqual(reviewed({ kind: "merge", areaPassed: 3, atRim: true })[0], "leave");
  assert.deepEqual(reviewed({ kind: "vanish", areaPassed: 0.3, cosine: 0.4 }), ["vanish", true]);
  assert.deepEqual(reviewed({ kind: "vanish", areaPassed: 0.3 }), ["vanish", false], "of another pattern");
  assert.deepEqual(reviewed({ kind: "vanish", areaPassed: NaN }), ["vanish", false]);
});

Deno.test("what was born and soon carried out of the frame was born all the same", () => {
  const place = { frame: 5, track: 0, partner: -1, size: 30, partnerSize: 0, row: 9, column: 1 };
  const unknown = { weight: NaN, cosine: NaN, unionCosine: NaN, borderBefore: NaN, borderNow: NaN };
  const alone = { ...unknown, areaPassed: NaN, atRim: false, covered: 0, light: 0 };
  const open = { doubtful: false, provisional: false };
  const birth: TrackEvent = { kind: "birth", ...place, ...alone, ...open, seen: 1 };
  const doubts = (seen: number, covered = 0) => {
    const end: TrackEvent = { ...birth, kind: "leave", frame: 7, atRim: true, seen, covered };
    return reviewEvents([birth, end], [{ first: 5, last: 6 }], frames).map(({ doubtful }) => doubtful);
  };
  assert.deepEqual(doubts(0.2), [false, true]);
  assert.deepEqual(doubts(1), [true, true], "its place is still seen");
  assert.deepEqual(doubts(0, NaN), [true, true], "of that frame nothing is known");
});

Deno.test("what splits off and goes back was one crystal all the time", () => {
  const event = (changes: Partial<TrackEvent>): TrackEvent => ({
    ...{ kind: "merge", frame: 6, track: 0, partner: 1, size: 30, partnerSize: 60, weight: 0.5, cosine: 0.2 },
    ...{
      unionCosine: 0.99,
      borderBefore: NaN,
      borderNow: NaN,
      areaPassed: 1,
      atRim: false,
      seen: 1,
      covered: 1,
      light: NaN,
    },
    ...{ doubtful: false, row: 9, column: 9, provisional: false, ...changes },
  });
  const doubts = (...events: readonly Partial<TrackEvent>[]) =>
    reviewEvents(
      events.map(event),
      [{ first: 0, last: 5 }, { first: 0, last: 9 }, { first: 0, last: 9 }],
      frames,
    )
      .map(({ doubtful }) => doubtful);
  const split = { kind: "split", borderBefore: 1, unionCosine: 0.1 } as const;
  assert.deepEqual(doubts({ ...split, frame: 2 }, {}), [false, false], "it was one of its own for long");
  assert.deepEqual(doubts({ ...split, frame: 4 }, {}), [true, true]);
  assert.deepEqual(
    doubts({ ...split, frame: 4, track: 1, partner: 0 }, {}),
    [true, true],
    "whichever is new",
  );
  assert.deepEqual(doubts({ ...split, frame: 4, partner: 2 }, {}), [false, false], "of another");
  assert.deepEqual(doubts({ ...split, frame: 2, unionCosine: 0.4, borderBefore: 2 }, {}), [true, true]);
  assert.deepEqual(
    doubts({ ...split, frame: 2, borderBefore: 2 }, {}),
    [true, false],
    "two crystals, told apart late",
  );
});
