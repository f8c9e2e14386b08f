/** A text field whose text is its user's until it is done: whatever is drawn anew meanwhile does not take it away. */

import type { InputHTMLAttributes } from "preact";
import { useState } from "preact/hooks";

export function TextEntry({ value, done, ...attributes }: {
  /** Shown while nobody writes. */
  readonly value: string;
  /** Called with the text once it is written, by Enter or by leaving the field. */
  readonly done: (text: string) => void;
} & Omit<InputHTMLAttributes<HTMLInputElement>, "value">) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      {...attributes}
      value={draft ?? value}
      onInput={(event) => setDraft(event.currentTarget.value)}
      onChange={(event) => {
        done(event.currentTarget.value);
        setDraft(null);
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
