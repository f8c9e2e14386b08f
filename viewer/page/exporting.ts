/** Leaving with something: files, the command that gives them, and its text in the clipboard. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { CommandAnswer, ExportKind, SavedFiles, SaveRequest } from "../protocol/exports.ts";
import type { LabelView } from "../protocol/label_views.ts";
import { figureWords } from "./figure/figure_words.ts";
import { pageWords } from "./opening/address.ts";
import { announce } from "./announce.ts";
import { AtRest } from "./at_rest.ts";
import { correctionsTried } from "./editing/editing.ts";
import { say } from "./editing/history.ts";
import { complain } from "./errors.ts";
import { labelsShown, shownColours } from "./labels.ts";
import { call } from "./client.ts";
import { markSaved } from "./editing/kept.ts";
import { item, labelView, problem, readable, reconnections, tab } from "./state.ts";

export const chosenKinds = signal<readonly ExportKind[]>(["picture", "table", "averages"]);
/** Where files go; empty for the folder of the scan or result. */
export const folder = signal("");
export const besideScan = computed(() => item.value?.path.replace(/[\\/][^\\/]*$/, "") || "/");
/** What files are called; empty for the name of the scan or result. */
export const name = signal("");
export const replace = signal(false);
export const saving = signal(false);
export const saved = signal<SavedFiles | null>(null);
export const language = signal<"shell" | "code">("shell");
/** What reproduces the view that is shown; `null` until it has come. */
export const command: ReadonlySignal<CommandAnswer | null> = computed(() =>
  answered.value?.of === labelView.value && answered.value.item === runKey() ? answered.value.answer : null
);

const answered = signal<
  { readonly of: LabelView; readonly item: string; readonly answer: CommandAnswer } | null
>(null);

function runKey(): string {
  return `${item.value?.id}:${item.value?.revision}`;
}

/** Kinds that are chosen and can be had: without the scan, only what needs none of it. */
export const savedKinds = computed(() => chosenKinds.value.filter((kind) => !isBlocked(kind)));

/** Whether a kind needs a scan that is not there: averages do but for the clusters that the result has. */
export function isBlocked(kind: ExportKind): boolean {
  if (readable.value || !readingKinds.has(kind)) return false;
  return kind === "result" || !command.value?.averages;
}

const readingKinds: ReadonlySet<ExportKind> = new Set(["averages", "tiff", "result"]);

export function toggleKind(kind: ExportKind): void {
  const chosen = chosenKinds.value;
  chosenKinds.value = chosen.includes(kind) ? chosen.filter((other) => other !== kind) : [...chosen, kind];
}

async function saveRequest(): Promise<Omit<SaveRequest, "kinds">> {
  await correctionsTried();
  // A picture has the colours that are seen.
  await labelsShown();
  const colours = shownColours();
  return {
    view: labelView.peek(),
    folder: folder.peek() || besideScan.peek(),
    ...name.peek() && { name: name.peek() },
    replace: replace.peek(),
    ...(colours && { colours: Array.from(colours) }),
    page: { ...pageWords(), ...figureWords() },
  };
}

/** Writes the chosen files. */
export async function saveFiles(): Promise<void> {
  const opened = item.peek(), kinds = savedKinds.peek();
  if (!opened || saving.peek() || kinds.length === 0) return;
  saving.value = true;
  saved.value = null;
  problem.value = null;
  try {
    const request = await saveRequest(), { id, revision } = item.peek() ?? opened;
    saved.value = await call("POST /api/items/:id/save", { id, revision }, { ...request, kinds });
    if (kinds.includes("session") || kinds.includes("result")) markSaved(request.view);
    const text = `Saved ${countFiles(saved.value.files.length)}`;
    say(text);
    announce(text);
  } catch (cause) {
    complain(cause);
  } finally {
    saving.value = false;
  }
}

/**
 * Saves the clusters that are shown as a whole result.
 *
 * @returns its path, `null` where that failed, which is said
 */
export async function saveAsResult(): Promise<string | null> {
  const opened = item.peek();
  if (!opened) return null;
  try {
    const request = await saveRequest(), { id, revision } = item.peek() ?? opened;
    const { files } = await call("POST /api/items/:id/save", { id, revision }, {
      ...request,
      kinds: ["result"],
    });
    markSaved(request.view);
    return files[files.length - 1].path;
  } catch (cause) {
    complain(cause);
    return null;
  }
}

/** Hands one file to the browser's downloads. */
export async function downloadFile(kind: ExportKind): Promise<void> {
  const opened = item.peek();
  if (!opened) return;
  try {
    const request = await saveRequest(), { id, revision } = item.peek() ?? opened;
    const { name, content } = await call("POST /api/items/:id/download", { id, revision }, {
      ...request,
      kinds: [kind],
    });
    offerDownload(name || kind, content);
  } catch (cause) {
    complain(cause);
  }
}

/** Hands what the page has itself to the browser's downloads. */
export function offerDownload(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Hands a table over. */
export function downloadText(name: string, text: string): void {
  offerDownload(name, new Blob([text], { type: "text/csv" }));
}

export function countFiles(count: number): string {
  return `${count} ${count === 1 ? "file" : "files"}`;
}

export async function copyCommand(): Promise<void> {
  const answer = command.peek();
  if (!answer) return;
  try {
    await navigator.clipboard.writeText(language.peek() === "shell" ? answer.shell : answer.code);
    say("Copied");
    announce("Copied");
  } catch {
    say("The browser does not allow copying; select the text and copy it");
  }
}

/** Keeps the command up to date while it is looked at. */
export function followCommand(): () => void {
  const rest = new AtRest(80);
  return effect(() => {
    const opened = item.value, view = labelView.value, looked = tab.value === "export";
    reconnections.value;
    rest.stop();
    if (!opened?.clustering || !looked) return;
    const { id, revision } = opened, run = runKey();
    rest.begin(async (signal) => {
      try {
        const answer = await call("POST /api/items/:id/command", { id, revision }, view, signal);
        if (!signal.aborted) answered.value = { of: view, item: run, answer };
      } catch (cause) {
        if (!signal.aborted) complain(cause);
      }
    });
  });
}
