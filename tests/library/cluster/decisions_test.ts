/** Similarities known up to an error are made to decide as the exact ones, whatever the errors are. */

import assert from "node:assert/strict";
import { controlEdges, filteredSquares } from "../../../library/cluster/decisions/control_edges.ts";
import { decideAsExact, type DecisionParameters } from "../../../library/cluster/decisions/decisions.ts";
import { ErrorBounds, errorClass } from "../../../library/cluster/decisions/error_bounds.ts";
import { growClusters } from "../../../library/cluster/growth.ts";
import { allDirections, forwardOffsets, meanSimilarity } from "../../../library/scan/neighbours.ts";
import { SimilarityBounds } from "../../../library/cluster/decisions/similarity_bounds.ts";
import { triangleThreshold } from "../../../library/cluster/triangle.ts";
import { seededRandom } from "../../support/random.ts";

/** Largest error of the made-up fast similarities, and the one allowed for: as tight as can be. */
const error = 2e-6;

type Random = () => number;

/** Similarities of a scan: each edge from a function, NaN outside. */
function field(rows: number, columns: number, value: (probe: number, other: number) => number): Float32Array {
  const forward = new Float32Array(rows * columns * 4).fill(NaN);
  for (let probe = 0; probe < rows * columns; probe++) {
    forwardOffsets.forEach(([down, right], direction) => {
      const column = probe % columns + right;
      if (Math.floor(probe / columns) + down >= rows || column < 0 || column >= columns) return;
      forward[4 * probe + direction] = value(probe, probe + down * columns + right);
    });
  }
  return forward;
}

/** Smooth noise, many ties, many values a few errors apart, few levels, grains. */
const kinds: ((random: Random, rows: number, columns: number) => (probe: number, other: number) => number)[] =
  [
    (random) => () => 0.7 + 0.3 * random(),
    (random) => () => Math.floor(random() * 5) / 4 * 2 - 1,
    (random) => () => 0.9 + Math.floor(random() * 9 - 4) * 0.7e-6,
    (random) => () => (random() < 0.5 ? 0.5 : 0.9) + (random() < 0.3 ? 3e-6 * random() : 0),
    () => () => 1,
    (random, rows, columns) => {
      const grain = Array.from({ length: rows * columns }, () => Math.floor(random() * 2));
      const level = Array.from({ length: 2 }, () => 0.95 + 5e-6 * random());
      return (probe, other) => grain[probe] === grain[other] ? level[grain[probe]] : 0.4 + 1e-5 * random();
    },
  ];

/** As far from the exact value as is allowed, some of them just so far. */
function perturbed(exact: Float32Array, random: Random): Float32Array {
  return exact.map((value) => {
    const step = (random() < 0.5 ? 2 * random() - 1 : random() < 0.5 ? 1 : -1) * 0.99 * error;
    const changed = Math.max(-1, Math.min(1, Math.fround(value + step)));
    return Math.abs(changed - value) <= error ? changed : value;
  });
}

/** What the pipeline decides. */
function decide(forward: Float32Array, rows: number, columns: number, parameters: DecisionParameters) {
  const similarity = allDirections(forward, rows, columns);
  const mean = meanSimilarity(similarity, parameters.missingNeighbour);
  const rule = parameters.mask;
  const threshold = rule.kind === "number"
    ? rule.above
    : rule.kind === "triangle"
    ? triangleThreshold(mean)
    : null;
  const mask = rule.kind === "fixed"
    ? rule.mask
    : Uint8Array.from(mean, (value) => value > threshold! ? 1 : 0);
  const { labels, seeds } = growClusters({
    ...{ rows, columns, similarity, meanSimilarity: mean, mask, borderWidth: 0 },
    threshold: parameters.threshold,
    minimumSize: parameters.minimumSize,
  });
  return { labels, seeds, mask, threshold };
}

function randomParameters(random: Random, forward: Float32Array, rows: number, columns: number) {
  const values = Array.from(forward).filter((value) => !Number.isNaN(value));
  const pick = (list: ArrayLike<number>, otherwise: number) =>
    list.length > 0 ? list[Math.floor(random() * list.length)] : otherwise;
  const missingNeighbour = random() < 0.7 ? null : random() < 0.5 ? -1 : 0.3;
  const means = meanSimilarity(allDirections(forward, rows, columns), missingNeighbour);
  // Thresholds lie on values that occur, or beside them.
  const beside = () => random() < 0.5 ? 0 : (2 * random() - 1) * 2 * error;
  const masks: DecisionParameters["mask"][] = [
    { kind: "fixed", mask: new Uint8Array(rows * columns).fill(1) },
    { kind: "fixed", mask: Uint8Array.from({ length: rows * columns }, () => random() < 0.8 ? 1 : 0) },
    { kind: "number", above: pick(means, 0) + beside() },
    { kind: "triangle" },
  ];
  return {
    threshold: Math.max(-1, Math.min(1, pick(values, 0.5) + beside())),
    mask: masks[Math.floor(random() * masks.length)],
    missingNeighbour,
    minimumSize: 1 + Math.floor(random() * 5),
  };
}

Deno.test("perturbed similarities decide as the exact ones, on 3000 random fields with ties and near ties", async () => {
  for (let seed = 0; seed < 3000; seed++) {
    const random = seededRandom(seed);
    const rows = 1 + Math.floor(random() * 14), columns = 1 + Math.floor(random() * 14);
    const forward = field(rows, columns, kinds[seed % kinds.length](random, rows, columns));
    const parameters = randomParameters(random, forward, rows, columns);
    const fast = perturbed(forward, random);
    const decided = await decideAsExact(
      { rows, columns },
      fast,
      { edges: [], values: new Float32Array(0) },
      parameters,
      (edges) => Promise.resolve(Float32Array.from(edges, (edge) => forward[edge])),
      { caution: { factor: 1, smallest: error } },
    );
    assert.ok(decided);
    const message = `seed ${seed}, ${JSON.stringify(parameters)}`;
    assert.deepEqual(
      decide(decided.similarity, rows, columns, parameters),
      decide(forward, rows, columns, parameters),
      message,
    );
  }
});

Deno.test("bounds of the mean similarity hold the true one, and meet where all edges are exact", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = seededRandom(seed);
    const rows = 1 + Math.floor(random() * 8), columns = 1 + Math.floor(random() * 8);
    const missing = random() < 0.5 ? null : -1;
    const forward = field(rows, columns, kinds[seed % kinds.length](random, rows, columns));
    const mean = meanSimilarity(allDirections(forward, rows, columns), missing);
    const bounds = new SimilarityBounds(
      rows,
      columns,
      perturbed(forward, random),
      new Float64Array(4).fill(error),
      missing,
    );
    for (const [probe, value] of mean.entries()) {
      assert.ok(bounds.low[probe] <= value && value <= bounds.high[probe], `seed ${seed}`);
    }
    const edges = Array.from(forward.keys()).filter((edge) => !Number.isNaN(forward[edge]));
    bounds.replace(edges, Float32Array.from(edges, (edge) => forward[edge]));
    assert.deepEqual(bounds.low, mean);
    assert.deepEqual(bounds.high, mean);
  }
});

Deno.test("few edges of a scan with grains are computed again", async () => {
  const rows = 200, columns = 200, random = seededRandom(5);
  const grain = (probe: number) => Math.floor(probe / columns / 10) * 20 + Math.floor(probe % columns / 10);
  const level = Array.from({ length: 400 }, () => 0.97 + 0.02 * random());
  const forward = field(
    rows,
    columns,
    (probe, other) =>
      grain(probe) === grain(other) ? level[grain(probe)] + 0.01 * (random() - 0.5) : 0.2 + 0.7 * random(),
  );
  const fast = forward.map((value) => value + 5e-7 * (random() - 0.5));
  for (const mask of [{ kind: "number", above: 0.7 }, { kind: "triangle" }] as const) {
    const parameters = { threshold: 0.9, mask, missingNeighbour: null, minimumSize: 4 };
    const edges = controlEdges({ rows, columns });
    const known = { edges, values: Float32Array.from(edges, (edge) => forward[edge]) };
    const decided = await decideAsExact(
      { rows, columns },
      fast,
      known,
      parameters,
      (edges) => Promise.resolve(Float32Array.from(edges, (edge) => forward[edge])),
    );
    assert.ok(decided && decided.recomputed > 0 && decided.recomputed < 0.02 * forward.length);
    assert.ok(decided.rounds <= 3);
    assert.deepEqual(
      decide(decided.similarity, rows, columns, parameters),
      decide(forward, rows, columns, parameters),
    );
  }
});

Deno.test("an error that turns out larger widens the bounds, and beyond the promise the exact pass is asked for", async () => {
  const rows = 9, columns = 9, random = seededRandom(3);
  const forward = field(rows, columns, () => 0.9 + 1e-5 * random());
  const parameters: DecisionParameters = {
    threshold: 0.9,
    mask: { kind: "triangle" },
    missingNeighbour: null,
    minimumSize: 1,
  };
  const exact = (edges: Uint32Array) => Promise.resolve(Float32Array.from(edges, (edge) => forward[edge]));
  const none = { edges: [], values: new Float32Array(0) };
  const off = (by: number) => forward.map((value) => value + by);
  const slightly = await decideAsExact({ rows, columns }, off(6e-7), none, parameters, exact);
  assert.ok(slightly!.observed > 5e-7 && slightly!.error === 8 * slightly!.observed);
  assert.deepEqual(
    decide(slightly!.similarity, rows, columns, parameters),
    decide(forward, rows, columns, parameters),
  );
  assert.equal(await decideAsExact({ rows, columns }, off(3e-6), none, parameters, exact), null);
  assert.equal(
    await decideAsExact({ rows, columns }, off(6e-7), none, parameters, exact, { limit: 1 }),
    null,
  );
  const edges = controlEdges({ rows, columns });
  const fast = off(3e-6), known = { edges, values: await exact(edges) };
  const errors = new ErrorBounds(fast);
  assert.ok(errors.observe(known) && !errors.keepPromise);
  const refused = () => assert.fail("nothing need be computed to know that");
  assert.equal(await decideAsExact({ rows, columns }, fast, known, parameters, refused), null);
});

Deno.test("control edges are inside the scan and the mask, spread, few, and share probes", () => {
  for (const [rows, columns] of [[512, 512], [40, 300], [1, 50], [50, 1], [2, 2], [3, 7], [1, 1], [1, 2]]) {
    const edges = controlEdges({ rows, columns });
    const inside = field(rows, columns, () => 0);
    assert.ok(edges.every((edge) => inside[edge] === 0), `${rows} x ${columns}`);
    assert.equal(new Set(edges).size, edges.length);
    assert.ok(edges.length <= 6 * 80);
    assert.equal(edges.length > 0, rows * columns > 1);
  }
  const square = controlEdges({ rows: 512, columns: 512 });
  assert.equal(square.length, 64 * 6);
  assert.equal(new Set(Array.from(square, (edge) => Math.floor((edge >> 2) / 512 / 64))).size, 8);
  const filtered = controlEdges({ rows: 512, columns: 512 }, undefined, filteredSquares);
  assert.equal(filtered.length, 16 * 20, "16 squares of 3 x 3 for filtered patterns");
  const mask = Uint8Array.from({ length: 512 * 512 }, (_, probe) => probe % 512 < 100 ? 1 : 0);
  const masked = controlEdges({ rows: 512, columns: 512 }, mask);
  assert.ok(masked.length > 50 && masked.every((edge) => (edge >> 2) % 512 < 100));
  const scattered = Uint8Array.from({ length: 512 * 512 }, (_, probe) => probe === 7 ? 1 : 0);
  assert.deepEqual(controlEdges({ rows: 512, columns: 512 }, scattered), square);
});

Deno.test("errors are bounded by class of similarity, once enough of a class were seen", () => {
  const similar = 0.9995, alike = 0.995, other = 0.5;
  const fast = Float32Array.from(
    { length: 100 },
    (_, edge) => edge < 70 ? similar : edge < 80 ? alike : other,
  );
  const errors = new ErrorBounds(fast);
  const see = (from: number, to: number, error: number) => {
    const edges = Array.from({ length: to - from }, (_, i) => from + i);
    return errors.observe({ edges, values: Float32Array.from(edges, (edge) => fast[edge] - error) });
  };
  assert.deepEqual([similar, alike, 0.95, other, -1].map(errorClass), [0, 1, 2, 3, 3]);
  const near = (found: ArrayLike<number>, expected: number[]) =>
    Array.from(found).forEach((bound, i) =>
      assert.ok(Math.abs(bound - 8e-7 * expected[i]) < 8 * 2 ** -24, `${found}`)
    );
  assert.ok(see(80, 90, 1e-6));
  near(errors.bounds, [10, 10, 10, 10]);
  // Seventy of a class are enough for it; ten are not, but are taken together with those.
  assert.ok(see(0, 70, 1e-7));
  near(errors.bounds, [1, 1, 1, 10]);
  assert.ok(see(70, 80, 4e-7));
  near(errors.bounds, [1, 4, 4, 10]);
  assert.ok(!see(70, 80, 3e-7));
  assert.ok(Math.abs(errors.observed - 1e-6) < 1e-7);
});

Deno.test("nearly equal patterns have a bound of four units of the last place while only rounding is seen", () => {
  const unit = 2 ** -24, similar = 1 - 2 ** 10 * unit, fast = new Float32Array(400).fill(similar);
  const see = (errors: ErrorBounds, from: number, to: number, units: number) => {
    const edges = Array.from({ length: to - from }, (_, i) => from + i);
    errors.observe({ edges, values: Float32Array.from(edges, (edge) => fast[edge] - units * unit) });
  };
  const errors = new ErrorBounds(fast);
  see(errors, 0, 100, 1);
  assert.equal(errors.bounds[0], 5e-7, "few were seen");
  see(errors, 100, 200, 0);
  assert.equal(errors.bounds[0], 4 * unit);
  assert.ok(errors.bounds.slice(1).every((bound) => bound >= 5e-7), "others have no part in it");
  see(errors, 200, 201, 2);
  assert.equal(errors.bounds[0], 16 * unit, "an error of two units is not rounding");
  const careful = new ErrorBounds(fast, { factor: 1, smallest: 2e-6 });
  see(careful, 0, 200, 1);
  assert.equal(careful.bounds[0], 2e-6, "nobody asked for it");
});

Deno.test("similarities that decide nothing are left as they are but for those known, and none is asked for", async () => {
  const random = seededRandom(8), rows = 9, columns = 11;
  const fast = field(rows, columns, () => 2 * random() - 1);
  const edges = controlEdges({ rows, columns }, undefined, filteredSquares);
  const values = Float32Array.from(edges, (edge) => fast[edge] + 1e-6 * (random() - 0.5));
  const expected = fast.slice();
  Array.from(edges).forEach((edge, i) => expected[edge] = values[i]);
  const mask = { kind: "fixed", mask: new Uint8Array(rows * columns).fill(1) } as const;
  const parameters = { threshold: 2, mask, missingNeighbour: null, minimumSize: Infinity };
  const decided = await decideAsExact(
    { rows, columns },
    fast,
    { edges, values },
    parameters,
    () => assert.fail("asked for an edge"),
  );
  assert.deepEqual(decided!.similarity, expected);
  assert.deepEqual(
    Array.from(decided!.exact.keys()).filter((edge) => decided!.exact[edge] === 1),
    Array.from(edges).sort((a, b) => a - b),
  );
  const largest = Array.from(edges).reduce(
    (most, edge, i) => Math.max(most, Math.abs(fast[edge] - values[i])),
    0,
  );
  assert.equal(decided!.observed, largest);
  assert.ok(decided!.error >= largest && decided!.recomputed === 0 && decided!.rounds === 0);
});
