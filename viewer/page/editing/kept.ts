/** Corrections by hand are kept by the server while it runs, and by the browser beyond that. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { ClusteringFacts, OpenedItem } from "../../protocol/items.ts";
import type { DrawnMask, LabelView } from "../../protocol/label_views.ts";
import { AtRest } from "../at_rest.ts";
import { call } from "../client.ts";
import { drawnMask, item, log, reconnections, runMask } from "../state.ts";
import { changeCount, currentSteps, type Steps } from "./history.ts";
import { decodeSteps, encodeSteps, type PlainSteps } from "./plain_steps.ts";

/** Corrections with what they belong to. */
export interface Kept {
  readonly version: 1;
  readonly fingerprint: string;
  /** The run that gave the clusters, and the mask that was drawn for it. */
  readonly words: readonly string[];
  readonly mask?: DrawnMask;
  /** Whether the clusters lie in a result on disk. */
  readonly onDisk: boolean;
  readonly steps: PlainSteps;
}

const prefix = "crystallite.corrections:";
/** How long corrections must rest before the server gets them, in milliseconds. */
const restFor = 200;

function keyOf({ path, asked }: OpenedItem): string {
  return prefix + JSON.stringify([path, asked.input]);
}

/** What the browser keeps for a file. */
export function keptLocally(opened: OpenedItem): Kept | null {
  try {
    return parse(localStorage.getItem(keyOf(opened)) ?? "");
  } catch {
    // A browser that keeps nothing.
    return null;
  }
}

/** What is kept of an item: by the server, which has seen it last, else by the browser. */
export function keptOf(opened: OpenedItem): Kept | null {
  return parse(opened.corrections ?? "") ?? keptLocally(opened);
}

/** The steps that are kept for the clusters of an item. */
export function stepsFor({ fingerprint }: ClusteringFacts, kept: Kept | null): Steps | null {
  return kept?.fingerprint === fingerprint ? decodeSteps(kept.steps) : null;
}

function parse(text: string): Kept | null {
  try {
    const kept = JSON.parse(text) as Kept;
    return kept.version === 1 && typeof kept.fingerprint === "string" && Array.isArray(kept.words)
      ? kept
      : null;
  } catch {
    return null;
  }
}

/** Forgets what the browser keeps for a file. */
export function forgetKept(opened: OpenedItem): void {
  try {
    localStorage.removeItem(keyOf(opened));
  } catch {
    // Nothing was kept.
  }
}

function keepLocally(opened: OpenedItem, text: string): void {
  try {
    localStorage.setItem(keyOf(opened), text);
  } catch {
    // The browser is full: what was kept for other files gives way.
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
      localStorage.setItem(keyOf(opened), text);
    } catch {
      // The server has them still.
    }
  }
}

const saved = signal("");

function writtenOf({ edits, mask }: Pick<LabelView, "edits" | "mask">): string {
  return JSON.stringify([edits?.operations.slice(0, edits.cursor) ?? [], mask ?? null]);
}

/** Remembers that a view was saved with its corrections. */
export function markSaved(view: LabelView): void {
  saved.value = writtenOf(view);
}

/** Whether there are corrections that no file has. */
const unsaved: ReadonlySignal<boolean> = computed(() => {
  if (changeCount.value === 0) return false;
  const now = writtenOf({ edits: log.value, mask: drawnMask.value ?? undefined });
  const before = writtenOf({ edits: item.value?.clustering?.edits });
  return now !== before && now !== saved.value;
});

/** Keeps every change; asks before a window with unsaved ones is left. */
export function followKept(): () => void {
  const rest = new AtRest(restFor), stop = new AbortController();
  addEventListener("beforeunload", (event) => {
    if (unsaved.peek()) event.preventDefault();
  }, { signal: stop.signal });
  const end = effect(() => {
    const changes = changeCount.value, opened = item.peek();
    reconnections.value;
    rest.stop();
    if (changes === 0 || !opened?.clustering) return;
    const { fingerprint, words, onDisk } = opened.clustering, mask = runMask.peek();
    const kept: Kept = {
      ...{ version: 1, fingerprint, words, onDisk },
      ...mask && { mask },
      steps: encodeSteps(currentSteps()),
    };
    const text = JSON.stringify(kept), { id, revision } = opened;
    keepLocally(opened, text);
    rest.begin(async (signal) => {
      // A server that does not answer gets them when it does; this browser has them meanwhile.
      await call("POST /api/items/:id/corrections", { id, revision }, { text }, signal).catch(() => {});
    });
  });
  return () => {
    stop.abort();
    end();
  };
}
