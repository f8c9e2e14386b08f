/** The parts of a scan together: all of one plan, each row in exactly one of them. */

import { dirname, join } from "node:path";
import { BadParameter, CorruptFile } from "../scan/errors.ts";
import { quoteArgument } from "../scan/quote_argument.ts";
import { version } from "../results/version.ts";
import { formatRows, missingRows, overlapping, type Rows } from "./bands.ts";
import { findPart, type Part, type PartKind } from "./part_files.ts";
import type { ScanPlan } from "./plan.ts";
import { otherVersion, planName, readPlan } from "./plan_file.ts";

/** Parts that were looked at. */
export interface GatheredParts {
  readonly plan: ScanPlan;
  /** In the order of their rows. */
  readonly similarities: readonly Part[];
  /** In the order of their rows; none where averages were not asked for in parts. */
  readonly averages: readonly Part[];
}

/**
 * Looks through parts for merging.
 *
 * @param paths folders of parts, in any order
 * @throws {CorruptFile} when parts are missing or broken; the message has the commands that make them
 * @throws {BadParameter} when parts are of different plans or another version, or overlap
 */
export async function gatherParts(paths: readonly string[]): Promise<GatheredParts> {
  const found = [];
  for (const path of paths) found.push(await findPart(path));
  const whole = found.flatMap(({ part }) => part ?? []);
  const flaws = found.flatMap((part) => part.part ? [] : [`${part.path}: ${part.flaw}`]);
  if (whole.length === 0) {
    throw new CorruptFile("none of the parts can be used", {
      file: paths[0],
      found: flaws.join("; "),
      remedy: "make them with crystallite cluster --plan, --rows and --part",
    });
  }
  for (const { path, version: made } of whole) if (made !== version) throw otherVersion(path, made);
  const [first] = whole, other = whole.find(({ plan }) => plan !== first.plan);
  if (other) {
    throw new BadParameter(`${other.path} and ${first.path} were made by different plans`, {
      file: other.path,
      expected: `plan ${first.plan.slice(0, 12)}`,
      found: `plan ${other.plan.slice(0, 12)}`,
      remedy: "merge parts of one plan",
    });
  }
  const planPath = join(first.path, planName), plan = await readPlan(planPath);
  if (plan.id !== first.plan) {
    throw new CorruptFile(`${first.path} holds the plan of another part`, {
      file: first.path,
      remedy: "remove the part and make it again",
    });
  }
  const similarities = inOrder(whole, "similarities"), averages = inOrder(whole, "averages");
  const wanted = averages.length > 0 || paths.some((path) => /averages/.test(path));
  const places = { planPath, folder: dirname(first.path) };
  demandWhole(plan, similarities, "similarities", flaws, places);
  if (wanted) demandWhole(plan, averages, "averages", flaws, places);
  return { plan, similarities, averages };
}

function inOrder(parts: readonly Part[], kind: PartKind): Part[] {
  return parts.filter(({ holds }) => holds === kind).sort((a, b) => a.rows[0] - b.rows[0]);
}

/** Checks that every row is in exactly one part. */
function demandWhole(
  plan: ScanPlan,
  parts: readonly Part[],
  kind: PartKind,
  flaws: readonly string[],
  places: Places,
): void {
  const { rows } = plan.input.shape, found = parts.map(({ rows }) => rows);
  const twice = overlapping(found);
  if (twice) {
    const [one, other] = twice.map((place) => parts[place]);
    throw new BadParameter(`${one.path} and ${other.path} overlap`, {
      file: other.path,
      expected: "each scan row in one part",
      found: `rows ${formatRows(one.rows)} and ${formatRows(other.rows)}`,
      remedy: "leave one of them out",
    });
  }
  const missing = missingRows(rows, plan.bands, found);
  if (missing.length === 0) return;
  const commands = missing.map((band) => commandOf(plan, kind, band, places));
  throw new CorruptFile(
    `${missing.length} of the parts with ${kind} ${missing.length > 1 ? "are" : "is"} missing or broken`,
    {
      expected: `rows 0:${rows}`,
      found: [`no rows ${missing.map(formatRows).join(", ")}`, ...flaws].join("; "),
      remedy: `run ${commands.join("; ")}`,
    },
  );
}

/** Where the commands that make parts find the plan, and leave what they make. */
interface Places {
  readonly planPath: string;
  readonly folder: string;
}

/** The command that makes a part, beside the others. */
function commandOf(plan: ScanPlan, kind: PartKind, band: Rows, { planPath, folder }: Places): string {
  const [work, labels] = kind === "averages"
    ? ["average", ["--labels", join(folder, "labels")]]
    : ["cluster", []];
  const words = [
    "--plan",
    planPath,
    ...labels,
    "--rows",
    formatRows(band),
    "--part",
    join(folder, partName(kind, band)),
  ];
  return ["crystallite", work, plan.input.path, ...words].map(quoteArgument).join(" ");
}

/** The name of a part where nobody chose another. */
export function partName(kind: PartKind, [first, end]: Rows): string {
  return `${kind}-${first}-${end}`;
}
