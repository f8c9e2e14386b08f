/** A box to tick, with what it stands for beside it. */

export interface ToggleProps {
  /** What is read beside the box. */
  readonly name: string;
  /** What it is called where that says too little by itself. */
  readonly label?: string;
  readonly title?: string;
  readonly checked: boolean;
  readonly change: (checked: boolean) => void;
}

export function Toggle({ name, label, title, checked, change }: ToggleProps) {
  // In narrow panes only the box is left of it.
  return (
    <label class="toggle" title={title}>
      <input type="checkbox" aria-label={label ?? name} checked={checked} onChange={() => change(!checked)} />
      <span>{name}</span>
    </label>
  );
}
