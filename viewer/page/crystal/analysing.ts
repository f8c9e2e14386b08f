/** Orientations and strain found from the page: what is asked for, how far it is, and what comes of it. */

import { computed, effect, signal } from "@preact/signals";
import type { AnalysisRequest, CrystalChoice } from "../../protocol/analyses.ts";
import type { RunMessage } from "../../protocol/runs.ts";
import { announce } from "../announce.ts";
import { call, stream } from "../client.ts";
import { unreachable } from "../connection.ts";
import { currentSteps, restoreSteps, say } from "../editing/history.ts";
import { complain, errorOf, noAnswerKind, retryAfter } from "../errors.ts";
import { saveAsResult } from "../exporting.ts";
import { behind } from "../series/time.ts";
import { openPath } from "../opening/opening.ts";
import { drawnMask, item, log, problem, source, tab } from "../state.ts";
import { lookAtGroup } from "../views/real_views.ts";

/** How far an analysis is. */
interface AnalysisState {
  readonly id: string;
  readonly kind: AnalysisRequest["kind"];
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly left?: number;
}

/** The analysis that goes on. */
export const analysis = signal<AnalysisState | null>(null);

// What is asked for.
export const chosenCrystals = signal<readonly string[]>([]);
export const chosenCifs = signal<readonly string[]>([]);
export const voltage = signal("");
export const detectorPixelSize = signal("");
export const reference = signal<NonNullable<AnalysisRequest["reference"]>>("median");

/** Crystals that can be chosen for what is open. */
export const crystalChoice = signal<CrystalChoice>({ builtIn: [], cifs: [] });

/** Whether the clusters that are shown are those of a result on disk; if not, they are saved as one first. */
export const onDisk = computed(() => {
  const facts = item.value?.clustering;
  if (!facts?.onDisk || source.value !== "method" || drawnMask.value) return false;
  const applied = (edits: typeof facts.edits) =>
    JSON.stringify(edits?.operations.slice(0, edits.cursor) ?? []);
  return applied(log.value) === applied(facts.edits);
});

/** Asks for the crystals once they are looked at. */
export function followCrystalChoice(): () => void {
  return effect(() => {
    const opened = item.value;
    if (!opened?.clustering || tab.value !== "crystal") return;
    call("GET /api/items/:id/crystals", { id: opened.id }).then((choice) => {
      if (item.peek()?.id === opened.id) crystalChoice.value = choice;
    }).catch(complain);
  });
}

/** Finds orientations of the clusters that are shown, or strain of their probes, and shows them. */
export async function analyse(kind: AnalysisRequest["kind"]): Promise<void> {
  if (analysis.peek() || !item.peek()?.clustering) return;
  problem.value = null;
  analysis.value = { id: "", kind, stage: "Starting", done: 0, total: 0 };
  try {
    if (!onDisk.peek()) {
      const saved = await saveAsResult();
      if (saved === null) return;
      await openPath(saved);
      tab.value = "crystal";
      if (!onDisk.peek()) return;
    }
    const asked: AnalysisRequest = kind === "strain" ? { kind, reference: reference.peek() } : {
      kind,
      crystals: chosenCrystals.peek(),
      cifs: chosenCifs.peek(),
      ...voltage.peek() && { voltage: voltage.peek() },
      ...detectorPixelSize.peek() && { qPixelSize: detectorPixelSize.peek() },
    };
    const { run } = await call("POST /api/items/:id/analyses", { id: item.peek()!.id }, asked);
    await watch(run, kind);
  } catch (cause) {
    complain(cause);
  } finally {
    analysis.value = null;
  }
}

export async function cancelAnalysis(): Promise<void> {
  const current = analysis.peek();
  if (current?.id) await call("POST /api/runs/:id/cancel", { id: current.id }).catch(complain);
}

async function watch(id: string, kind: AnalysisRequest["kind"]): Promise<void> {
  analysis.value = { ...analysis.peek()!, id };
  while (true) {
    try {
      for await (const { header } of stream("GET /api/runs/:id/stream", { id, row: 0 })) {
        if (take(header, kind)) return;
      }
    } catch (cause) {
      // A connection that broke is taken up again.
      if (errorOf(cause).kind !== noAnswerKind) throw cause;
    }
    await unreachable(retryAfter);
  }
}

/** Takes what is told; whether that was the end. */
function take(message: RunMessage, kind: AnalysisRequest["kind"]): boolean {
  switch (message.kind) {
    case "progress": {
      const { stage, done, total, left } = message;
      analysis.value = { ...analysis.peek()!, stage, done, total, left };
      return false;
    }
    case "done": {
      const text = kind === "orient" ? "Orientations were found." : "Strain was measured.";
      announce(text);
      // Something else is shown meanwhile: opened again, the result has them.
      if (behind.peek() || item.peek()?.path !== message.item.path) {
        say(`${text.slice(0, -1)} in ${message.item.name}`);
        return true;
      }
      // The same clusters, of which more is known: view and steps stay.
      const steps = currentSteps();
      item.value = message.item;
      restoreSteps(steps);
      lookAtGroup(kind === "orient" ? "orientation" : "strain");
      return true;
    }
    case "failed":
      problem.value = message.error;
      return true;
    case "cancelled":
      say("Stopped; the result is as it was");
      return true;
    default:
      return false;
  }
}
