/** One part of a read-out. */

import type { Reading } from "../page/views/view.ts";

export function Part({ colour, before, value, after }: Reading) {
  return (
    <span>
      {colour && <i class="swatch" style={{ background: colour }} />}
      {before}
      {before && value && " "}
      {value && <b>{value}</b>}
      {after && ` ${after}`}
    </span>
  );
}
