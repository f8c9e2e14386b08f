/** One line of the parameters: name, explanation, and what is chosen. */

import type { ComponentChildren } from "preact";
import { isNumber } from "../page/running/form.ts";
import { TextEntry } from "./TextEntry.tsx";

export function FieldLine({ name, help, children }: {
  readonly name: string;
  readonly help?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="field">
      <div>
        {name}
        {help && <small role="note">{help}</small>}
      </div>
      <div class="inputs">{children}</div>
    </div>
  );
}

export function Choice({ label, options, value, choose }: {
  readonly label: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly value: string;
  readonly choose: (value: string) => void;
}) {
  return (
    <select aria-label={label} value={value} onChange={(event) => choose(event.currentTarget.value)}>
      {options.map(([own, name]) => <option key={own} value={own} selected={own === value}>{name}</option>)}
    </select>
  );
}

/** A number, or whatever the command line takes in its place; what makes no sense is marked. */
export function TextInput({ label, value, valid = isNumber, change, wide }: {
  readonly label: string;
  readonly value: string;
  readonly valid?: (text: string) => boolean;
  readonly change: (value: string) => void;
  /** For paths. */
  readonly wide?: boolean;
}) {
  return (
    <TextEntry
      class={wide ? "path" : undefined}
      aria-label={label}
      inputMode={wide ? undefined : "decimal"}
      spellcheck={false}
      autocomplete="off"
      value={value}
      aria-invalid={!valid(value)}
      done={(text) => change(text.trim())}
    />
  );
}
