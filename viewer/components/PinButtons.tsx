/** Keeps what is shown as pattern A or B. */

import { formatCounts } from "../drawing/format.ts";
import { announce } from "../page/announce.ts";
import { say } from "../page/editing/history.ts";
import { patternSources, showAbove, upperSource } from "../page/sources/pattern_sources.ts";
import { pin, pinSources, unpin } from "../page/sources/pins.ts";
import { probePattern, upperPattern } from "../page/state.ts";

/** Keeps the upper pattern; while a kept one is shown, forgets all. */
export function PinUpper() {
  const source = upperSource.value, pattern = upperPattern.value;
  if (pinSources.includes(source)) {
    const forget = () => {
      unpin();
      showAbove(patternSources[0]);
    };
    return <button type="button" class="link" title="Forgets A and B" onClick={forget}>Unpin</button>;
  }
  return (
    <PinButton
      disabled={pattern === null}
      keep={() => pin(pattern!, source.label(), source.note())}
      what="upper pattern"
    />
  );
}

/** Keeps the pattern at the probe. */
export function PinProbe() {
  const pattern = probePattern.value;
  if (!pattern) return null;
  const { row, column } = pattern.probe;
  return (
    <PinButton
      disabled={false}
      keep={() => pin(pattern, `probe (${row}, ${column})`, `${formatCounts(pattern.sum)} counts`)}
      what="pattern at the probe"
    />
  );
}

function PinButton({ disabled, keep, what }: {
  readonly disabled: boolean;
  /** Keeps it and says as what. */
  readonly keep: () => string;
  readonly what: string;
}) {
  return (
    <button
      type="button"
      class="link pin"
      aria-label={`Pin the ${what}`}
      title="Keeps this pattern as A or B, to be compared with others above"
      disabled={disabled}
      onClick={() => {
        const text = `Kept as ${keep()}: choose it above`;
        say(text);
        announce(text);
      }}
    >
      Pin
    </button>
  );
}
