import assert from "node:assert/strict";
import {
  autoPreset,
  checkParameters,
  chooseParameters,
  type ClusterFlags,
} from "../../../library/cluster/presets.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { checkPrefilter, defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { BadParameter } from "../../../library/scan/errors.ts";

/** The rows of the preset table of the command line's documentation. */
function tableRow(flags: ClusterFlags) {
  const chosen = chooseParameters(flags);
  return {
    badPixels: chosen.badPixels.kind,
    blur: chosen.blur,
    prefilter: chosen.prefilter === null ? "off" : "on",
    metric: chosen.metric,
    threshold: chosen.threshold,
    mask: chosen.mask.kind,
    minimumSize: chosen.minimumSize,
    average: chosen.average,
    borderWidth: chosen.borderWidth,
    missingNeighbour: chosen.missingNeighbour,
    exact: chosen.exact,
  };
}

Deno.test("without a preset the defaults hold", () => {
  assert.deepEqual(tableRow({ threshold: 0.8 }), {
    badPixels: "auto",
    blur: 0,
    prefilter: "off",
    metric: "cosine",
    threshold: 0.8,
    mask: "none",
    minimumSize: 4,
    average: "raw",
    borderWidth: 0,
    missingNeighbour: null,
    exact: false,
  });
});

Deno.test("without preset, threshold and method the preset auto holds, and other flags override it", () => {
  assert.deepEqual(chooseParameters({}), autoPreset);
  assert.deepEqual(chooseParameters({ blur: 2 }), { ...autoPreset, blur: 2 });
  assert.equal(chooseParameters({ threshold: 0.9 }).mask.kind, "none");
  assert.equal(chooseParameters({ method: "regions" }).mask.kind, "none");
});

Deno.test("the paper's preset is complete", () => {
  assert.deepEqual(tableRow({ preset: "paper" }), {
    badPixels: "file",
    blur: 3,
    prefilter: "on",
    metric: "cosine",
    threshold: 0.9,
    mask: "triangle",
    minimumSize: 4,
    average: "filtered",
    borderWidth: 0,
    missingNeighbour: null,
    exact: false,
  });
  assert.deepEqual(chooseParameters({ preset: "paper" }).prefilter, {
    blur: 3,
    radius: 4,
    footprint: "circle",
    range: [0.85, 0.95],
    edge: 12,
  });
});

Deno.test("the preset of py4DSTEM lacks only the threshold", () => {
  assert.deepEqual(tableRow({ preset: "py4dstem", threshold: 0.5 }), {
    badPixels: "none",
    blur: 0,
    prefilter: "off",
    metric: "centered",
    threshold: 0.5,
    mask: "none",
    minimumSize: 1,
    average: "raw",
    borderWidth: 2,
    missingNeighbour: -1,
    exact: true,
  });
});

Deno.test("every explicit flag overrides each preset", () => {
  const flags: ClusterFlags = {
    badPixels: { kind: "path", path: "bad.npy" },
    center: { kind: "at", row: 3, column: 4 },
    method: "growth",
    blur: 1.5,
    prefilter: true,
    prefilterBlur: 1,
    prefilterRadius: 2,
    prefilterFootprint: "square",
    prefilterRange: [0.5, 0.8],
    prefilterEdge: 2,
    metric: "pearson",
    detectorMask: { kind: "outside", radius: 5 },
    threshold: 0.25,
    mask: { kind: "number", above: 0.5 },
    minimumSize: 9,
    average: "none",
    borderWidth: 3,
    missingNeighbour: null,
    exact: false,
  };
  const expected: Partial<Record<keyof ClusterParameters, unknown>> = {
    badPixels: { kind: "path", path: "bad.npy" },
    center: { kind: "at", row: 3, column: 4 },
    method: "growth",
    blur: 1.5,
    prefilter: { blur: 1, radius: 2, footprint: "square", range: [0.5, 0.8], edge: 2 },
    metric: "pearson",
    detectorMask: { kind: "outside", radius: 5 },
    threshold: 0.25,
    mask: { kind: "number", above: 0.5 },
    minimumSize: 9,
    average: "none",
    borderWidth: 3,
    missingNeighbour: null,
    exact: false,
  };
  for (const preset of [undefined, "auto", "paper", "py4dstem"] as const) {
    assert.deepEqual(chooseParameters({ ...flags, preset }), expected);
  }
});

Deno.test("one prefilter flag changes one setting of the preset", () => {
  assert.deepEqual(chooseParameters({ preset: "paper", prefilterEdge: 2 }).prefilter, {
    ...defaultPrefilter,
    edge: 2,
  });
});

Deno.test("--no-prefilter turns the preset's prefilter off, and its averages then need another source", () => {
  const chosen = chooseParameters({ preset: "paper", prefilter: false });
  assert.equal(chosen.prefilter, null);
  assert.throws(() => checkParameters(chosen as ClusterParameters), BadParameter);
  checkParameters(
    chooseParameters({ preset: "paper", prefilter: false, average: "raw" }) as ClusterParameters,
  );
});

Deno.test("a missing threshold is wrong usage with help on choosing it", () => {
  for (const flags of [{ method: "growth" }, { preset: "py4dstem" }] as const) {
    assert.throws(() => chooseParameters(flags), (error) => {
      assert(error instanceof BadParameter);
      assert.match(error.details.remedy ?? "", /--threshold auto.*--preset auto/);
      return true;
    });
  }
});

Deno.test("settings of the prefilter without the prefilter are wrong usage", () => {
  const settings: ClusterFlags[] = [
    { prefilterBlur: 1 },
    { prefilterRadius: 1 },
    { prefilterFootprint: "square" },
    { prefilterRange: [0, 1] },
    { prefilterEdge: 0 },
  ];
  for (const flags of settings) {
    const name = Object.keys(flags)[0].replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
    assert.throws(() => chooseParameters({ ...flags, threshold: 0.9 }), (error) => {
      assert(error instanceof BadParameter);
      assert(error.message.includes(`--${name}`));
      return true;
    });
  }
});

Deno.test("an inverted range of the prefilter is refused", () => {
  assert.throws(() => checkPrefilter({ ...defaultPrefilter, range: [0.9, 0.8] }), BadParameter);
});
