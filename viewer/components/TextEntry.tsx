/**
 * A text field whose text is its user's until it is done: whatever is drawn anew meanwhile does not take it away. What cannot
 * be taken stays in the field, marked, until it is corrected or Escape gives it up.
 */

import type { InputHTMLAttributes } from "preact";
import { useState } from "preact/hooks";
import { announce } from "../page/announce.ts";
import { say } from "../page/editing/history.ts";

export function TextEntry({ value, done, "aria-invalid": invalid, title, ...attributes }: {
  /** Shown while nobody writes. */
  readonly value: string;
  /**
   * Called with the text once it is written, by Enter or by leaving the field. Says what is wrong with it where it cannot be
   * taken.
   */
  readonly done: (text: string) => string | void | Promise<void>;
} & Omit<InputHTMLAttributes<HTMLInputElement>, "value">) {
  const [draft, setDraft] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const giveUp = () => {
    setDraft(null);
    setFault(null);
  };
  return (
    <input
      {...attributes}
      title={fault ?? title}
      aria-invalid={fault !== null || invalid}
      value={draft ?? value}
      onInput={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || draft === null) return;
        event.stopPropagation();
        giveUp();
      }}
      onChange={(event) => {
        const wrong = done(event.currentTarget.value);
        if (typeof wrong !== "string") return giveUp();
        setFault(wrong);
        say(wrong);
        announce(wrong);
      }}
      onBlur={() => {
        if (fault === null) setDraft(null);
      }}
    />
  );
}

/** A number as people write it, with a decimal point or comma; `null` for anything else. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace(",", ".").replace("\u2212", "-");
  const value = Number(plain);
  return plain !== "" && Number.isFinite(value) ? value : null;
}
