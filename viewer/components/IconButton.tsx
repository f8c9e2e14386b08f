/** A button with a drawing in place of words. */

import { Icon, type IconName } from "./Icon.tsx";

export function IconButton({ icon, name, title = name, disabled, press }: {
  readonly icon: IconName;
  /** For screen readers. */
  readonly name: string;
  /** Shown under the pointer, with the key that does the same. */
  readonly title?: string;
  readonly disabled?: boolean;
  readonly press: () => void;
}) {
  return (
    <button
      type="button"
      class="icon-button"
      title={title}
      aria-label={name}
      disabled={disabled}
      onClick={press}
    >
      <Icon name={icon} />
    </button>
  );
}
