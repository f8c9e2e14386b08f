/** A state of the page: how it is entered from the one before, for all that must hold in every state. */

import type { Page } from "../playwright.ts";

/** Where the states of one walk are entered. */
export interface Stage {
  readonly page: Page;
  /** Of the server, without a path. */
  readonly origin: string;
  /** What is opened, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** One state. */
export interface PageState {
  /** What its picture is called. */
  readonly name: string;
  readonly enter: (stage: Stage) => Promise<void>;
  /** Before the next one. */
  readonly leave?: (stage: Stage) => Promise<void>;
}

/** States in their order, with what they need. */
export interface Walk {
  readonly name: string;
  /** Writes what is opened into a folder. */
  readonly prepare: (folder: string) => Promise<Readonly<Record<string, string>>>;
  readonly states: readonly PageState[];
}

/** How the window is: the same for tests and pictures. */
export const stateWindow = {
  viewport: { width: 1280, height: 800 },
  colorScheme: "dark",
  // Colours of buttons fade otherwise, which is no time to look at them.
  reducedMotion: "reduce",
} as const;

/** Goes through a walk, and does something in every state. */
export async function goThrough(
  { states }: Walk,
  stage: Stage,
  inState: (state: PageState) => Promise<void>,
): Promise<void> {
  for (const state of states) {
    await state.enter(stage);
    await inState(state);
    await state.leave?.(stage);
  }
}
