/** What can be shown: views of real space and sources of the upper pattern say what they are, need and read. */

import { signal } from "@preact/signals";
import assert from "node:assert/strict";
import type { LabelledMap } from "../../../viewer/labels/labelling.ts";
import { clearSelection, select } from "../../../viewer/page/looking/selection.ts";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import { shortcuts } from "../../../viewer/page/shortcuts.ts";
import { clusterAverage } from "../../../viewer/page/sources/cluster_average.ts";
import { patternSources } from "../../../viewer/page/sources/pattern_sources.ts";
import { scanMean } from "../../../viewer/page/sources/whole_scan.ts";
import * as state from "../../../viewer/page/state.ts";
import { clustersView } from "../../../viewer/page/views/clusters.ts";
import { maskView } from "../../../viewer/page/views/mask.ts";
import {
  canShow,
  lookAtGroup,
  lookAtKey,
  nextGroup,
  realView,
  realViews,
  shownGroups,
  viewGroups,
  viewNamed,
  viewsOf,
} from "../../../viewer/page/views/real_views.ts";
import { type ScalarMap, scalarView } from "../../../viewer/page/views/scalar_view.ts";
import { similarityView } from "../../../viewer/page/views/similarity.ts";
import type { Legend, RealView } from "../../../viewer/page/views/view.ts";
import { virtualView } from "../../../viewer/page/views/virtual_image.ts";

const shape = { rows: 1, columns: 4, patternRows: 8, patternColumns: 8 };
const opened = {
  id: "1",
  shape,
  scan: { readable: true, path: "/x" },
  calibration: {},
  clustering: {},
} as unknown as OpenedItem;
const shown = {
  labels: Int32Array.of(0, 0, -1, -1),
  names: Int32Array.of(0),
  sizes: Uint32Array.of(2),
  numbers: Uint32Array.of(7),
  colours: Uint8Array.of(3),
  clusters: [{ id: 0, size: 2 }],
} as unknown as LabelledMap;
const loaded = {
  mean: Float32Array.of(0.25, 0.5, 0.75, 1),
  meanRange: [0.25, 1],
  mask: Uint8Array.of(1, 1, 1, 0),
} as unknown as state.LoadedMap;

/** A page with a clustering, or with other things in place of these. */
function withPage(test: () => void): void {
  state.item.value = opened;
  state.map.value = loaded;
  state.drawnMap.value = state.labelled.value = shown;
  try {
    test();
  } finally {
    state.item.value =
      state.map.value =
      state.drawnMap.value =
      state.labelled.value =
        null;
    state.virtualImage.value = state.run.value = state.drawnMask.value = null;
    clearSelection();
  }
}

Deno.test("views have names and keys of their own; the keys are those of the sheet and of nothing else", () => {
  assert.equal(new Set(realViews.map(({ name }) => name)).size, realViews.length);
  for (const view of realViews) assert.equal(viewNamed(view.name), view);
  assert.equal(viewNamed("toString"), undefined);
  const lines = shortcuts.flatMap(([, lines]) => lines);
  const sheet = [
    "Clusters, similarity, virtual image, mask",
    "CoM right, CoM down, CoM magnitude, iCoM",
    "In plane, out of plane, phase, reliability",
    "E_xx, e_yy, e_xy, dilation, rotation",
    "Tracks",
  ];
  viewGroups.forEach(({ group }, place) => {
    const ofGroup = viewsOf(group).map(({ key }) => key);
    assert.deepEqual(ofGroup, ["1", "2", "3", "4", "5"].slice(0, ofGroup.length), "by their places");
    const line = lines.find(({ name }) => name.toLowerCase() === sheet[place].toLowerCase());
    assert.equal(line?.shown, ofGroup.join(" "), sheet[place]);
  });
  assert.deepEqual(viewGroups.flatMap(({ group }) => viewsOf(group)), realViews);
  const keys = lines.flatMap(({ keys }) => Object.keys(keys ?? {}));
  assert.equal(new Set(keys).size, keys.length, keys.join(" "));
  for (const { key } of realViews) assert.ok(keys.includes(key), key);
});

Deno.test("a view can be chosen once one of the things that it needs is there", () => {
  const four = [clustersView, similarityView, virtualView, maskView];
  const choices = () => four.filter(canShow).map(({ name }) => name);
  assert.deepEqual(choices(), ["mask"]);
  withPage(() => {
    assert.deepEqual(choices(), ["clusters", "similarity", "virtual", "mask"]);
    state.item.value = { ...opened, scan: { readable: false, why: "gone" } };
    assert.deepEqual(choices(), ["clusters", "similarity", "mask"]);
    state.item.value = { ...opened, clustering: undefined };
    assert.deepEqual(choices(), ["virtual", "mask"]);
    state.run.value = { id: "1", stage: "", done: 0, total: 0, rows: 0 };
    assert.deepEqual(choices(), ["clusters", "virtual", "mask"]);
  });
});

Deno.test("groups are offered where they have something to show, and remember what was shown of them", () =>
  withPage(() => {
    const item = { ...opened, scan: { readable: false, why: "gone" } } as const;
    state.item.value = item;
    assert.deepEqual(shownGroups(), ["clusters"]);
    nextGroup();
    assert.equal(realView.value, clustersView);
    state.item.value = opened;
    assert.deepEqual(shownGroups(), ["clusters", "deflection"]);
    const facts = opened.clustering!;
    state.item.value = { ...item, clustering: { ...facts, crystals: { strain: false } } };
    assert.deepEqual(shownGroups(), ["clusters", "orientation"]);
    state.item.value = { ...item, clustering: { ...facts, crystals: { strain: true } } };
    assert.deepEqual(shownGroups(), ["clusters", "orientation", "strain"]);
    lookAtKey("4");
    assert.equal(realView.value, maskView);
    lookAtGroup("strain");
    lookAtKey("5");
    lookAtKey("9");
    assert.equal(realView.value.name, "rotation");
    nextGroup();
    assert.equal(realView.value, maskView);
    lookAtGroup("strain");
    assert.equal(realView.value.name, "rotation");
    lookAtGroup("clusters");
    lookAtKey("1");
    assert.equal(realView.value, clustersView);
  }));

Deno.test("views draw what there is, and nothing before", () => {
  for (const { picture } of realViews) assert.equal(picture.value, null);
  withPage(() => {
    const size = { rows: 1, columns: 4 };
    const { labels, colours } = shown, { mask } = loaded;
    assert.deepEqual(clustersView.picture.value, { ...size, kind: "clusters", labels, colours, mask });
    assert.deepEqual(maskView.picture.value, { ...size, kind: "mask", mask });
    const scalar = { ...size, kind: "scalar", scale: "linear" };
    assert.deepEqual(similarityView.picture.value, {
      ...scalar,
      values: loaded.mean,
      range: { low: 0.25, high: 1 },
      map: "viridis",
    });
    assert.equal(virtualView.picture.value, null);
    const values = Float32Array.of(1, 2, 3, 4);
    state.virtualImage.value = { of: state.detector.value, values, range: [1, 4], exact: true, bin: 1 };
    assert.deepEqual(virtualView.picture.value, {
      ...scalar,
      values,
      range: { low: 1, high: 4 },
      map: "grey",
    });
    state.virtualImage.value = {
      ...{ of: state.detector.value, values: values.slice(1) },
      ...{ range: [2, 4], exact: true, bin: 1 },
    };
    assert.equal(virtualView.picture.value, null, "of another scan");
  });
});

Deno.test("while a run goes on the mask of the map before does not hold, and stays the same array", () =>
  withPage(() => {
    const progress = { id: "1", stage: "", done: 0, total: 9, rows: 0 };
    state.run.value = progress;
    const { picture } = maskView;
    // Somebody who watches keeps what was worked out.
    const stop = picture.subscribe(() => {});
    const first = picture.value;
    assert.ok(first?.kind === "mask");
    assert.deepEqual(first.mask, Uint8Array.of(1, 1, 1, 1));
    state.run.value = { ...progress, done: 1 };
    assert.ok(picture.value?.kind === "mask" && picture.value.mask === first.mask);
    state.drawnMask.value = { runs: [1, 3] };
    assert.ok(picture.value.kind === "mask");
    assert.deepEqual(picture.value.mask, Uint8Array.of(0, 1, 1, 1));
    stop();
  }));

Deno.test("views say what their colours mean, and read out single probes", () =>
  withPage(() => {
    assert.deepEqual(clustersView.legend.value?.kind, "categories");
    const bar = { kind: "values", map: "viridis", low: "0.250", high: "1.000", note: undefined };
    const legendOf = ({ legend }: RealView) => {
      const shown = legend.value;
      return shown?.kind === "values" ? (({ contrast: _, ...words }) => words)(shown) : shown;
    };
    assert.deepEqual(legendOf(similarityView), bar);
    // Contrast that was chosen holds for picture and words, until what fits the values is asked for.
    const { contrast } = similarityView.legend.value as Extract<Legend, { kind: "values" }>;
    contrast!.choose({ low: 0.5, high: 0.75 });
    assert.deepEqual(legendOf(similarityView), { ...bar, low: "0.500", high: "0.750" });
    const picture = similarityView.picture.value!;
    assert.deepEqual(picture.kind === "scalar" && picture.range, { low: 0.5, high: 0.75 });
    contrast!.choose(null);
    assert.deepEqual(legendOf(similarityView), bar);
    assert.equal(virtualView.legend.value, null);
    const of = state.detector.value = { row: 1, column: 1, outer: 3 };
    state.virtualImage.value = {
      ...{ of, values: Float32Array.of(5, 6, 7, 8) },
      ...{ range: [5, 8], exact: false, bin: 2 },
    };
    const image = { kind: "values", map: "grey", low: "5", high: "8 counts" };
    assert.deepEqual(legendOf(virtualView), { ...image, note: ["3.0 px", "draft"] });
    const drawn = state.virtualImage.value;
    state.virtualImage.value = { ...drawn, bin: 1, step: { rows: 33, columns: 3 } };
    const coarse = ["3.0 px", "coarse: one probe for 33 × 3"];
    assert.deepEqual(legendOf(virtualView), { ...image, note: coarse });
    state.virtualImage.value = drawn;
    // The words are about the picture, not about the detector that it does not show yet.
    state.detector.value = { row: 1, column: 1, outer: 5 };
    assert.deepEqual(legendOf(virtualView), { ...image, note: ["3.0 px", "draft", "updating…"] });
    assert.deepEqual(similarityView.read!(1), { before: "similarity", value: "0.500", after: undefined });
    assert.deepEqual(virtualView.read!(2), { before: undefined, value: "7", after: "counts" });
    assert.equal(virtualView.read!(4), null);
    assert.equal(clustersView.read!(0)?.value, "Cluster 0");
    assert.equal(clustersView.read!(2)?.before, "below minimum size");
    assert.equal(clustersView.read!(3)?.before, "outside the mask");
    state.run.value = { id: "1", stage: "", done: 0, total: 0, rows: 0 };
    assert.equal(clustersView.read!(3)?.before, "in no cluster so far");
  }));

Deno.test("another map is one entry: its numbers, unit and colours", () =>
  withPage(() => {
    const values = signal<ScalarMap | null>(null);
    const strain = scalarView({
      ...{ name: "strain", label: "Strain", key: "5", group: "strain", needs: ["patterns"] },
      ...{ map: "cividis", values },
      unit: "%",
      format: (value) => value.toFixed(1),
    });
    assert.deepEqual([strain.picture.value, strain.legend.value, strain.read!(0)], [null, null, null]);
    values.value = { values: Float32Array.of(-1, 0, 1, 2), range: [-1, 2] };
    const { legend, picture } = strain;
    assert.ok(legend.value?.kind === "values" && picture.value?.kind === "scalar");
    assert.deepEqual([legend.value.low, legend.value.high, strain.read!(3)!.value], ["-1.0", "2.0 %", "2.0"]);
    assert.deepEqual(picture.value.range, { low: -1, high: 2 });
  }));

Deno.test("sources of the upper pattern say what they are and why there is nothing", () => {
  assert.equal(new Set(patternSources.map(({ name }) => name)).size, patternSources.length);
  withPage(() => {
    assert.equal(clusterAverage.meant(opened), null);
    assert.equal(clusterAverage.label(), "Cluster average");
    assert.equal(clusterAverage.note(), "");
    assert.match(clusterAverage.missing(), /^Click a cluster/);
    select(0);
    assert.equal(clusterAverage.label(), "Cluster 0 average");
    assert.equal(clusterAverage.note(), "of 2 patterns");
    assert.match(clusterAverage.colour!()!, /^rgb\(/);
    assert.equal(clusterAverage.missing(), "Averaging…");
    assert.equal(scanMean.note(), "of 4 patterns");
    assert.equal(scanMean.missing(), "Reading the whole scan…");
    state.item.value = { ...opened, scan: { readable: false, why: "gone" }, clustering: undefined };
    assert.equal(scanMean.meant(opened), null);
    assert.match(scanMean.missing(), /not there/);
    assert.match(clusterAverage.missing(), /^After a run/);
  });
});
