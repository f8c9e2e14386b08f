/** What was measured, in place of what lies under the pointer. */

import type { Measure } from "../page/looking/ruler.ts";

export function Measures({ of }: { readonly of: readonly Measure[] }) {
  return (
    <output class="readout measures" aria-live="polite">
      {of.map(([name, value]) => (
        <span key={name}>
          {name} <b>{value}</b>
        </span>
      ))}
    </output>
  );
}
