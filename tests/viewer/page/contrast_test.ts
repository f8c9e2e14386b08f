/** Contrast by hand: ends about zero, differences and transforms, clusters by one number, what is kept in the address. */

import assert from "node:assert/strict";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import type { LabelledMap } from "../../../viewer/labels/labelling.ts";
import { clusterNumbers, shareOf } from "../../../viewer/page/looking/cluster_colouring.ts";
import {
  chooseContrast,
  chosenContrast,
  contrastWords,
  symmetryOf,
  takeContrast,
} from "../../../viewer/page/looking/contrast.ts";
import { ownContrast } from "../../../viewer/page/looking/own_contrast.ts";
import { strainEnd } from "../../../viewer/page/crystal/strain_range.ts";
import { strainComponents } from "../../../viewer/page/crystal/strain_components.ts";
import * as state from "../../../viewer/page/state.ts";

const shape = { rows: 1, columns: 4, patternRows: 2, patternColumns: 2 };

function withPage(test: () => void): void {
  state.item.value = { id: "contrast", shape, calibration: {} } as unknown as OpenedItem;
  try {
    test();
  } finally {
    takeContrast("", () => true);
    state.item.value = state.labelled.value = null;
    state.colouring.value = "own";
  }
}

Deno.test("ends about zero go together until they are freed, and come together again by the farther one", () =>
  withPage(() => {
    const symmetry = () => symmetryOf("dilation", chosenContrast("dilation") ?? { low: -1, high: 1 });
    assert.ok(symmetry().locked);
    symmetry().lock(false);
    assert.ok(!symmetry().locked);
    chooseContrast("dilation", { low: -3, high: 2 });
    symmetry().lock(true);
    assert.deepEqual([chosenContrast("dilation"), symmetry().locked], [{ low: -3, high: 3 }, true]);
    // What an address brings may be freed as well.
    takeContrast("dilation:-0.02:0.01,other:1:2", (name) => name === "dilation");
    assert.deepEqual([symmetry().locked, contrastWords()], [false, "dilation:-0.02:0.01"]);
  }));

Deno.test("differences have colours about zero, transforms their own range; other patterns share one", () =>
  withPage(() => {
    const pattern = { of: "x", values: Float32Array.of(-2, 0, 1, 6), sum: 5, note: "" };
    assert.equal(ownContrast(pattern), null);
    const difference = () => ownContrast({ ...pattern, signed: true })!;
    assert.deepEqual([difference().range, difference().map], [{ low: -6, high: 6 }, "diverging"]);
    difference().contrast.choose({ low: -1, high: 1 });
    assert.deepEqual([difference().range, difference().contrast.byHand], [{ low: -1, high: 1 }, true]);
    const transform = ownContrast({ ...pattern, transformed: true })!;
    assert.deepEqual([transform.range.high, transform.contrast.symmetric], [6, undefined]);
    difference().contrast.choose(null);
    assert.deepEqual(difference().range, { low: -6, high: 6 });
  }));

Deno.test("colours by the size of clusters end where they were chosen to", () =>
  withPage(() => {
    state.labelled.value = {
      ...{ names: Int32Array.of(5, 9), sizes: Uint32Array.of(10, 1000), clusters: [] },
    } as unknown as LabelledMap;
    state.colouring.value = "size";
    assert.ok(Math.abs(shareOf(clusterNumbers.value!, 100) - 0.5) < 1e-12);
    clusterNumbers.value!.contrast.choose({ low: 10, high: 100 });
    assert.equal(shareOf(clusterNumbers.value!, 100), 1);
    assert.match(contrastWords(), /^by-size:10:100$/);
  }));

Deno.test("strain reaches to what holds nearly all of it, in round numbers of its unit", () => {
  const values = Float32Array.from(
    { length: 1000 },
    (_, probe) => probe === 0 ? 5 : (probe % 2 ? -1 : 1) * 0.0123456,
  );
  const [xx] = strainComponents;
  assert.equal(strainEnd(xx, values), 1.23 / 100);
  assert.equal(strainEnd(xx, values.fill(NaN)), 0.01);
});
