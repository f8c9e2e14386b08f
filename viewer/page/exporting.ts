/** Leaving with something: files, the command that gives them, and its text in the clipboard. */

import { computed, effect, signal } from "@preact/signals";
import type { CommandAnswer, ExportKind, SavedFiles, SaveRequest } from "../protocol/exports.ts";
import { pageWords } from "./opening/address.ts";
import { announce } from "./announce.ts";
import { AtRest } from "./at_rest.ts";
import { say } from "./editing/history.ts";
import { complain } from "./errors.ts";
import { call } from "./client.ts";
import { item, labelled, labelView, problem, tab } from "./state.ts";

export const chosenKinds = signal<readonly ExportKind[]>(["picture", "table", "averages"]);
/** Where files go; empty for the folder of the scan or result. */
export const folder = signal("");
export const besideScan = computed(() => item.value?.path.replace(/[\\/][^\\/]*$/, "") || "/");
export const replace = signal(false);
export const saving = signal(false);
export const saved = signal<SavedFiles | null>(null);
export const language = signal<"shell" | "code">("shell");
export const command = signal<CommandAnswer | null>(null);

export function toggleKind(kind: ExportKind): void {
  const chosen = chosenKinds.value;
  chosenKinds.value = chosen.includes(kind) ? chosen.filter((other) => other !== kind) : [...chosen, kind];
}

function saveRequest(): Omit<SaveRequest, "kinds"> {
  const colours = labelled.peek()?.colours;
  return {
    view: labelView.peek(),
    folder: folder.peek() || besideScan.peek(),
    replace: replace.peek(),
    ...(colours && { colours: Array.from(colours) }),
    page: pageWords(),
  };
}

/** Writes the chosen files. */
export async function saveFiles(): Promise<void> {
  const opened = item.peek();
  if (!opened || saving.peek() || chosenKinds.peek().length === 0) return;
  saving.value = true;
  saved.value = null;
  problem.value = null;
  try {
    saved.value = await call("POST /api/items/:id/save", { id: opened.id }, {
      ...saveRequest(),
      kinds: chosenKinds.peek(),
    });
    const text = `Saved ${countFiles(saved.value.files.length)}`;
    say(text);
    announce(text);
  } catch (cause) {
    complain(cause);
  } finally {
    saving.value = false;
  }
}

/** Hands one file to the browser's downloads. */
export async function downloadFile(kind: ExportKind): Promise<void> {
  const opened = item.peek();
  if (!opened) return;
  try {
    const { name, content } = await call("POST /api/items/:id/download", { id: opened.id }, {
      ...saveRequest(),
      kinds: [kind],
    });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name || kind;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (cause) {
    complain(cause);
  }
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
    rest.stop();
    if (!opened?.clustering || !looked) return;
    rest.begin(async (signal) => {
      try {
        const answer = await call("POST /api/items/:id/command", { id: opened.id }, view, signal);
        if (!signal.aborted) command.value = answer;
      } catch (cause) {
        if (!signal.aborted) complain(cause);
      }
    });
  });
}
