/** Whether averages of a view can be had without its scan: from the files of the result, for its own clusters. */

import { lossText } from "../../../library/results/page_averages.ts";
import type { CommandAnswer } from "../../protocol/exports.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import type { Item } from "../items/item.ts";
import { alignedFile, runFile } from "../patterns/stored_averages.ts";
import { viewedClustering } from "../views/viewed_clustering.ts";
import type { ViewPlan } from "../views/view_plan.ts";
import { areStored } from "./averages_files.ts";

/** What the page gets to know about averages of a view. */
export function averagesToHave(item: Item, view: LabelView, plan: ViewPlan): CommandAnswer["averages"] {
  if (item.readableScan) return {};
  const stored = item.demandFound().origin.stored;
  const kept = stored?.run.files.some(({ name }) => name === alignedFile || name === runFile);
  if (!stored || !kept || !areStored(stored, viewedClustering(item, view, plan))) return null;
  return { loss: stored.run.page && lossText(stored.run.page) };
}
