/** What is known about an error, folded away. */

import type { Failure } from "../protocol/failure.ts";

export function ErrorDetails({ path, error, same, open }: {
  readonly path: string;
  readonly error: Failure["error"];
  /** The flag that does the same on the command line. */
  readonly same?: string;
  readonly open?: boolean;
}) {
  const { file, dataset, offset, expected, found } = error.details;
  const lines: [string, string | number | undefined][] = [
    ["error", error.kind],
    ["file", file ?? path],
    ["data set", dataset],
    ["byte", offset],
    ["expected", expected],
    ["found", found],
    ["same as", same],
  ];
  return (
    <details open={open}>
      <summary>Details</summary>
      <dl>
        {lines.filter(([, value]) => value !== undefined).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}
