/** All corrections in their order: those that hold, and those that were undone. A click goes there. */

import { goToStep, stepNames, stepPlace } from "../page/editing/history.ts";
import { Icon } from "./Icon.tsx";
import { usePopover } from "./popover.ts";
import { stepFocus } from "./step_focus.ts";

export function HistoryButton() {
  const { open, toggle, button, content } = usePopover('[aria-checked="true"]');
  const names = stepNames.value, place = stepPlace.value;
  return (
    <span class="history">
      <button
        type="button"
        class="icon-button"
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label="History of corrections"
        title="History of corrections"
        disabled={names.length < 2}
        onClick={toggle}
      >
        <Icon name="down" />
      </button>
      {open && (
        <div class="popover" role="dialog" aria-label="History of corrections" ref={content}>
          <div
            role="radiogroup"
            aria-label="Corrections"
            onKeyDown={(event) => stepFocus(event, '[role="radio"]', true)}
          >
            {names.map((name, at) => (
              <button
                key={at}
                type="button"
                role="radio"
                class={at > place ? "undone" : undefined}
                aria-checked={at === place}
                tabIndex={at === place ? 0 : -1}
                onClick={() => goToStep(at)}
              >
                {name}
              </button>
            ))}
          </div>
        </div>
      )}
    </span>
  );
}
