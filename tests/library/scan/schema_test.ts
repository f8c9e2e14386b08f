/** What does not fit a schema is named by place, expectation and what was found. */

import assert from "node:assert/strict";
import {
  array,
  boolean,
  type GenericSchema,
  literal,
  nullable,
  object,
  optional,
  picklist,
  strictObject,
  union,
  variant,
} from "valibot";
import { BadParameter } from "../../../library/scan/errors.ts";
import { type Misfit, numberList, parseSchema, wholeNumber } from "../../../library/scan/schema.ts";

const schema = strictObject({
  size: object({ rows: wholeNumber(1), columns: wholeNumber(1, 9) }),
  kind: optional(picklist(["raw", "none"])),
  exact: optional(boolean()),
  curve: optional(numberList(Number.isFinite, "finite numbers")),
  pairs: optional(array(object({ first: wholeNumber(0) }))),
  threshold: optional(nullable(union([wholeNumber(0), literal("auto")]))),
  mask: optional(
    variant("kind", [
      object({ kind: literal("none") }),
      object({ kind: literal("disk"), radius: wholeNumber() }),
    ]),
  ),
});
const size = { rows: 2, columns: 3 };

function misfit(value: unknown): Misfit {
  try {
    parseSchema(schema, value, (misfit) => new BadParameter("no", { ...misfit }));
  } catch (error) {
    assert.ok(error instanceof BadParameter);
    return error.details as unknown as Misfit;
  }
  throw new Error("the value fits");
}

Deno.test("what fits comes back", () => {
  const value = {
    size,
    kind: "raw",
    curve: [0.5, -1],
    pairs: [{ first: 0 }],
    threshold: null,
    mask: { kind: "none" },
  };
  assert.deepEqual(parseSchema(schema, value, () => new Error()), value);
});

const misfits: readonly (readonly [unknown, string, string, string])[] = [
  [7, "", "an object", "7"],
  [undefined, "", "an object", "nothing"],
  [{}, "size", "a value", "nothing"],
  [{ size: { rows: 0, columns: 3 } }, "size.rows", "a whole number of at least 1", "0"],
  [{ size: { rows: 1, columns: 10 } }, "size.columns", "a whole number from 1 to 9", "10"],
  [{ size: { rows: 1.5, columns: 3 } }, "size.rows", "a whole number of at least 1", "1.5"],
  [{ size: { rows: "2", columns: 3 } }, "size.rows", "a whole number of at least 1", '"2"'],
  [{ size, kind: "mean" }, "kind", '"raw" or "none"', '"mean"'],
  [{ size, exact: 1 }, "exact", "true or false", "1"],
  [{ size, curve: [1, NaN, 2] }, "curve[1]", "finite numbers", "NaN"],
  [{ size, curve: [1, "x"] }, "curve[1]", "finite numbers", '"x"'],
  [{ size, curve: 3 }, "curve", "a list of numbers", "3"],
  [{ size, pairs: [{ first: 1 }, { first: -1 }] }, "pairs[1].first", "a whole number of at least 0", "-1"],
  [{ size, threshold: "x" }, "threshold", 'a whole number of at least 0, or "auto"', '"x"'],
  [{ size, mask: { kind: "disc" } }, "mask.kind", '"none" or "disk"', '"disc"'],
  [{ size, extra: 1 }, "extra", "nothing", '"extra"'],
];
for (const [value, place, expected, found] of misfits) {
  Deno.test(`${JSON.stringify(value)} does not fit at ${place || "its root"}`, () => {
    assert.deepEqual(misfit(value), { place, expected, found });
  });
}

Deno.test("what was found is cut short", () => {
  assert.equal(misfit({ size, kind: "x".repeat(1000) }).found.length, 200);
});

Deno.test("a list of numbers is looked through faster than with a schema per number", () => {
  const curve = Array.from({ length: 300_000 }, (_, place) => place);
  const seconds = (list: GenericSchema) => {
    const times = Array.from({ length: 3 }, () => {
      const started = performance.now();
      parseSchema(list, curve, () => new Error());
      return performance.now() - started;
    });
    return Math.min(...times);
  };
  assert.ok(seconds(numberList(Number.isFinite, "finite numbers")) < seconds(array(wholeNumber())) / 2);
});
