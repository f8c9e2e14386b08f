/** Arrow keys within a group of buttons that is one tab stop. */

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * Moves the focus to the next or previous button of the group that the event comes from, round the ends.
 *
 * @param press whether the button that gets the focus is pressed as well, as radio buttons are
 */
export function stepFocus(event: KeyboardEvent, selector: string, press: boolean): void {
  const step = steps[event.key], group = event.currentTarget as HTMLElement;
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  const buttons = Array.from(group.querySelectorAll<HTMLButtonElement>(`${selector}:not(:disabled)`));
  const place = buttons.indexOf(document.activeElement as HTMLButtonElement);
  if (place < 0) return;
  event.preventDefault();
  event.stopPropagation();
  const next = buttons[(place + step + buttons.length) % buttons.length];
  if (press) next.click();
  next.focus({ preventScroll: true });
}
