/**
 * A plan in short, for finding the zones that a pattern may be of without correlating it with all of them: some zones,
 * leaders, that every other is near to, their spots with weights of four levels, and angles in the plane by larger steps.
 */

import { arctangent, cosine } from "../../scan/portable_math.ts";
import { dot, type Matrix3, multiply, transpose } from "../matrix.ts";
import type { OrientationPlan } from "./plan.ts";
import { findShells, zoneSpots } from "./zone_spots.ts";

/** No zone is further, in degrees, from its leader; zones this near to a leader are looked at after it. */
const leaderReach = 2.8, memberReach = 2.8;
/** Angles in the plane are so many at least. */
const fewestAngles = 72;
/** The kernel adds angles by so many, and spots by so many. */
const anglesAtOnce = 48, spotsAtOnce = 4;
/** Levels of weights, by quarters of the strongest of a shell: 4, 3, 2 and 1. */
const weightLevels = 4;

/** Tables of the kernel in assembly/screen.ts. */
export interface Screening {
  /** Angles that are compared on a turn, and the steps of the plan from one to the next. */
  readonly angles: number;
  readonly stride: number;
  /** Angles that are computed, a multiple of what the kernel takes at once. */
  readonly computed: number;
  /** Bytes of a row of the image: its angles go on after a turn. */
  readonly rowBytes: number;
  /** Zones that stand for those near them. */
  readonly leaders: readonly number[];
  /** float64 [shell]: what the strongest spot of each shell counts. */
  readonly strengths: Float64Array<ArrayBuffer>;
  /** int32 [2 x leaders + 1]: where the spots of each leader, direct and mirrored, begin. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** int32: bytes from the start of the image [level][shell][phase][row], the last row of which is empty. */
  readonly spots: Int32Array<ArrayBuffer>;
  /** float32 [2 x leaders]: one by the norm of the weights, by quarters. */
  readonly norms: Float32Array<ArrayBuffer>;
  /** int32 [leaders + 1]: where the zones near each leader begin. */
  readonly memberStarts: Int32Array<ArrayBuffer>;
  /** int32 [member][zone, steps by which its angle is ahead of the leader's]. */
  readonly members: Int32Array<ArrayBuffer>;
}

/** Bytes of the image that the kernel makes of a pattern. */
export function imageBytes({ stride, rowBytes, strengths }: Screening): number {
  return (weightLevels * strengths.length * stride + 1) * rowBytes;
}

/** Shortens a plan. */
export function screeningOf(plan: OrientationPlan): Screening {
  const { zones, frames, options: { inPlaneSteps } } = plan;
  const stride = [4, 2, 1].find((step) => inPlaneSteps % step === 0 && inPlaneSteps / step >= fewestAngles) ??
    1;
  const angles = inPlaneSteps / stride, computed = Math.ceil(angles / anglesAtOnce) * anglesAtOnce;
  const rowBytes = Math.ceil((angles + computed) / 16) * 16;
  const leaders = leadersOf(plan), shape = { angles, stride, computed, rowBytes };
  const { strengths, lists, norms } = spotLists(plan, leaders, shape);
  const near = cosine(memberReach * Math.PI / 180);
  const members = leaders.map((leader) =>
    frames.flatMap((frame, zone) =>
      dot(zones[leader], zones[zone]) < near ? [] : [[zone, twist(frames[leader], frame, inPlaneSteps)]]
    )
  );
  return {
    ...{ ...shape, leaders, strengths, norms },
    starts: startsOf(lists),
    spots: Int32Array.from(lists.flat()),
    memberStarts: startsOf(members),
    members: Int32Array.from(members.flat(2)),
  };
}

function startsOf(lists: readonly (readonly unknown[])[]): Int32Array<ArrayBuffer> {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((list, index) => starts[index + 1] = starts[index] + list.length);
  return starts;
}

/** Zones that no leader before them is near to. */
function leadersOf({ zones }: OrientationPlan): number[] {
  const near = cosine(leaderReach * Math.PI / 180), leaders: number[] = [];
  for (const [zone, axis] of zones.entries()) {
    if (!leaders.some((leader) => dot(zones[leader], axis) >= near)) leaders.push(zone);
  }
  return leaders;
}

/** Steps that one frame is to be turned by more than another for the two orientations to be as near as they can. */
function twist(one: Matrix3, other: Matrix3, steps: number): number {
  const turn = multiply(transpose(one), other);
  return Math.round(arctangent(turn[3] - turn[1], turn[0] + turn[4]) * steps / (2 * Math.PI));
}

/** The spots of each leader, direct and mirrored, as places in the image. */
function spotLists(
  { frames, reflections, options }: OrientationPlan,
  leaders: readonly number[],
  { stride, rowBytes }: { readonly stride: number; readonly rowBytes: number },
): { strengths: Float64Array<ArrayBuffer>; lists: number[][]; norms: Float32Array<ArrayBuffer> } {
  const shells = findShells(reflections, options), { inPlaneSteps: steps } = options;
  const strengths = new Float64Array(shells.radii.length);
  shells.weights.forEach((weight, index) => {
    const shell = shells.of[index];
    if (shell >= 0) strengths[shell] = Math.max(strengths[shell], weight);
  });
  const rows = strengths.length * stride, empty = weightLevels * rows * rowBytes;
  const norms = new Float32Array(2 * leaders.length);
  const lists = leaders.flatMap((leader, index) => {
    const direct: number[] = [], mirrored: number[] = [];
    let squares = 0;
    for (const { shell, turn, weight } of zoneSpots(reflections, frames[leader], shells, options)) {
      const quarters = Math.round(4 * weight / strengths[shell]), angle = Math.round(turn) + steps;
      if (quarters === 0) continue;
      const level = quarters / 4 * strengths[shell];
      squares += level * level;
      const first = ((4 - quarters) * rows + shell * stride) * rowBytes;
      const placeOf = (step: number) => first + (step % stride) * rowBytes + Math.floor(step / stride);
      direct.push(placeOf(angle % steps));
      mirrored.push(placeOf((2 * steps - angle) % steps));
    }
    norms.fill(squares > 0 ? 1 / Math.sqrt(squares) : 0, 2 * index, 2 * index + 2);
    for (const list of [direct, mirrored]) while (list.length % spotsAtOnce !== 0) list.push(empty);
    return [direct, mirrored];
  });
  return { strengths, lists, norms };
}
