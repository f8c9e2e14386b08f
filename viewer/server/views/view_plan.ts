/** How a command would give what a view shows. */

import type { LabelView } from "../../protocol/label_views.ts";
import type { EditLog } from "../../../library/cluster/editing/log.ts";
import { probeCount } from "../../../library/scan/shape.ts";
import { decodeMask } from "../../labels/drawn_mask.ts";
import type { Item } from "../items/item.ts";
import { splitWords } from "../items/words.ts";
import { type FlagWord, joinFlags } from "../../../library/parameters/words.ts";

/** The words of `cluster` for a view, and what must lie in files beside it. */
export interface ViewPlan {
  /** Path of the scan; empty where no file is known, as of simulated scans. */
  readonly scan: string;
  /** Words about reading it. */
  readonly input: readonly string[];
  /** Words of the method, without `--mask` where there is a {@link mask}. */
  readonly method: readonly string[];
  /** A mask that no word can say: 1 where a probe may be clustered. */
  readonly mask?: Uint8Array<ArrayBuffer>;
  readonly edits?: EditLog;
  /** Whether the labels are those that the item's method gave: nothing must be computed again. */
  readonly asFound: boolean;
}

/** Names of the files that a command needs. */
export function neededNames(plan: ViewPlan, name: string): { mask?: string; edits?: string } {
  return {
    mask: plan.mask && `${name}_mask.npy`,
    edits: plan.edits && `${name}_edits.json`,
  };
}

/**
 * Makes the plan. A cut at a threshold is growth; that of regions starts from their mask, which growth would find
 * otherwise.
 *
 * @throws {FileUnavailable} when nothing was clustered
 */
export function planView(item: Item, view: LabelView): ViewPlan {
  const { clustering, origin } = item.demandFound();
  const { content: { facts, scan, input } } = item;
  const drawn = view.mask && decodeMask(view.mask, probeCount(item.shape));
  const asFound = view.source === "method" && !drawn;
  const regions = clustering.parameters.method === "regions";
  const cut = asFound ? [] : cutFlags(item, view);
  const replaced = new Set(cut.map(([name]) => name));
  const own = splitWords(origin.words).filter(([name]) => !replaced.has(name));
  const mask = drawn ?? (regions && !asFound ? Uint8Array.from(clustering.mask) : origin.drawn);
  const kept = mask ? own.filter(([name]) => name !== "--mask") : own;
  return {
    scan: "readRows" in scan ? scan.source.path : facts.source.path,
    input,
    method: joinFlags([...kept, ...cut]),
    mask,
    edits: view.edits && view.edits.cursor > 0 ? view.edits : undefined,
    asFound,
  };
}

function cutFlags(item: Item, view: LabelView): FlagWord[] {
  const { parameters, settled } = item.demandFound().clustering;
  const threshold = view.threshold ?? settled.threshold;
  return [
    ...parameters.method === "regions" ? [["--method", "growth"] as const] : [],
    ...threshold === null ? [] : [["--threshold", String(threshold)] as const],
    ["--min-size", String(view.minimumSize ?? parameters.minimumSize)],
  ];
}
