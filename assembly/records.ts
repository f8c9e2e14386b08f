// Records of regions and of the edges between them, for joining neighbours (assembly/linkage.ts).
//
// Whatever a merger looks at lies together, because mergers jump about the scan and nearly all their time is waiting for
// memory. Regions and ends of edges are named by their addresses.
//
//   region, 64 bytes and the sums, a multiple of 16; probe p begins as region p:
//      0 f64 probes   8 f64 sum of the noise   16 f64 noise of the mean   24 f64 squared length of the mean
//     32 u32 first end in its list, 0 = none   36 i32 ends in it   40 i32 last merger it was a neighbour in
//     44 u32 region it has come into, itself where none   48 i32 what another frame expects, -1 = unknown   52 i32 votes for it
//     56 i32 place in the heap, -1 = none   64 f32 sums of its features, zeros up to a multiple of 4
//   edge, 32 bytes, 4 for each probe in the order of its forward neighbours:
//      0 and 8 its two ends: u32 region, u32 next end in that region's list
//     16 f64 key   24 i32 state   28 u32 offset (0 or 8) of the end whose region the edge belongs to

export const SIZE: usize = 0, NOISE: usize = 8, MEAN_NOISE: usize = 16, MEAN_SQUARE: usize = 24, FIRST: usize = 32;
export const DEGREE: usize = 36, SEEN: usize = 40, PARENT: usize = 44, EXPECTED: usize = 48, VOTES: usize = 52, PLACE: usize = 56;
export const SUMS: usize = 64;
export const NEXT: usize = 4, KEY: usize = 16, STATE: usize = 24, OWNER: usize = 28;
export const EDGE: usize = 32, OPEN: i32 = 0, SHUT: i32 = 1, GONE: i32 = 2;

/** The region of an end. */
// @ts-ignore: decorator
@inline
export function regionAt(end: usize): usize {
  return <usize>load<u32>(end);
}

/** The edge of an end. */
// @ts-ignore: decorator
@inline
export function edgeOf(end: usize): usize {
  return end & ~(EDGE - 1);
}

/** Adds an end to the list of a region. */
// @ts-ignore: decorator
@inline
export function attach(end: usize, region: usize): void {
  store<u32>(end, <u32>region);
  store<u32>(end, load<u32>(region, FIRST), NEXT);
  store<u32>(region, <u32>end, FIRST);
  store<i32>(region, load<i32>(region, DEGREE) + 1, DEGREE);
}

/** One edge to every neighbour of either region; where there were two, the lost region's goes. */
export function joinLists(kept: usize, lost: usize, merger: i32): void {
  let end = <usize>load<u32>(kept, FIRST), next: usize = 0;
  const added = <usize>load<u32>(lost, FIRST);
  store<u32>(kept, 0, FIRST);
  store<u32>(lost, 0, FIRST);
  store<i32>(kept, 0, DEGREE);
  for (; end != 0; end = next) {
    next = <usize>load<u32>(end, NEXT);
    if (load<i32>(edgeOf(end), STATE) == GONE) continue;
    store<i32>(regionAt(end ^ 8), merger, SEEN);
    attach(end, kept);
  }
  for (end = added; end != 0; end = next) {
    next = <usize>load<u32>(end, NEXT);
    const edge = edgeOf(end);
    if (load<i32>(edge, STATE) == GONE) continue;
    const other = regionAt(end ^ 8);
    if (load<i32>(other, SEEN) == merger) {
      store<i32>(edge, GONE, STATE);
      store<i32>(other, load<i32>(other, DEGREE) - 1, DEGREE);
    } else attach(end, kept);
  }
}

/** The votes of a region for what is expected join those of another (Boyer and Moore 1981). */
export function joinExpectations(kept: usize, lost: usize): void {
  const name = load<i32>(lost, EXPECTED), votes = load<i32>(lost, VOTES);
  if (name < 0) return;
  const keptName = load<i32>(kept, EXPECTED), keptVotes = load<i32>(kept, VOTES);
  if (keptName == name) store<i32>(kept, keptVotes + votes, VOTES);
  else if (keptName < 0 || votes > keptVotes) {
    store<i32>(kept, votes - (keptName < 0 ? 0 : keptVotes), VOTES);
    store<i32>(kept, name, EXPECTED);
  } else store<i32>(kept, keptVotes - votes, VOTES);
}
