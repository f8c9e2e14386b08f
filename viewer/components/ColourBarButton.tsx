/** A colour bar that opens what its colours can be. */

import type { ComponentChildren, ComponentProps } from "preact";
import { ColourBar } from "./ColourBar.tsx";
import { usePopover } from "./popover.ts";

export function ColourBarButton({ name, title, first, wide, bar, children }: {
  /** Of what is opened. */
  readonly name: string;
  readonly title: string;
  /** Selects what gets the focus as it opens. */
  readonly first: string;
  readonly wide?: boolean;
  readonly bar: ComponentProps<typeof ColourBar>;
  readonly children: () => ComponentChildren;
}) {
  const { open, toggle, button, content } = usePopover(first);
  return (
    <>
      <button
        type="button"
        class="colour-button"
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={open}
        title={title}
        onClick={toggle}
      >
        <span class="unseen">{name},</span>
        <ColourBar {...bar} />
      </button>
      {open && (
        <div class={`popover${wide ? " wide-popover" : ""}`} role="dialog" aria-label={name} ref={content}>
          {children()}
        </div>
      )}
    </>
  );
}
