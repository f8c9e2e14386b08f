/** What the whole window shows. Only this file writes it. */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Failure } from "../../protocol/failure.ts";
import type { OpenedItem } from "../../protocol/items.ts";

/** What a file is opened with beside its path. */
export type Asked = OpenedItem["asked"];

/** The choice of a scan, the wait for one, what is wrong with it, or the scan itself. */
export type Screen =
  | { readonly kind: "open" }
  | { readonly kind: "loading"; readonly path: string }
  | {
    readonly kind: "failed";
    readonly path: string;
    readonly asked: Asked;
    readonly error: Failure["error"];
  }
  | { readonly kind: "main" };

const shown = signal<Screen>({ kind: "loading", path: "" });

/** What is shown. */
export const screen: ReadonlySignal<Screen> = shown;

/** Asks for a scan. */
export function showChoice(): void {
  shown.value = { kind: "open" };
}

/** Waits for a scan. */
export function showLoading(path: string): void {
  shown.value = { kind: "loading", path };
}

/** Says why a scan could not be opened. */
export function showFailure(path: string, asked: Asked, error: Failure["error"]): void {
  shown.value = { kind: "failed", path, asked, error };
}

/** Shows the scan that is open. */
export function showMain(): void {
  shown.value = { kind: "main" };
}
