/** One choice among a few, as buttons side by side: one tab stop, arrow keys move the choice. */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";
import { stepFocus } from "./step_focus.ts";

/** One of the choices. */
export interface Segment<Value extends string | object> {
  readonly value: Value;
  readonly name: string;
  /** The key that does the same. */
  readonly key?: string;
  /** In place of the name. */
  readonly icon?: IconName;
  readonly disabled?: boolean;
}

export function Segments<Value extends string | object>({ label, segments, value, choose }: {
  readonly label: string;
  readonly segments: readonly Segment<Value>[];
  readonly value: Value;
  readonly choose: (value: Value) => void;
}) {
  const icons = segments.some(({ icon }) => icon);
  return (
    <div
      class={icons ? "segments icons" : "segments"}
      role="radiogroup"
      aria-label={label}
      onKeyDown={(event) => stepFocus(event, '[role="radio"]', true)}
    >
      {segments.map(({ value: own, name, key, icon, disabled }) => (
        <button
          key={name}
          type="button"
          role="radio"
          aria-checked={own === value}
          aria-label={icon ? name : undefined}
          title={key ? `${name}  ${key}` : name}
          tabIndex={own === value ? 0 : -1}
          disabled={disabled}
          onClick={() => choose(own)}
        >
          {icon ? <Icon name={icon} /> : name as ComponentChildren}
        </button>
      ))}
    </div>
  );
}
