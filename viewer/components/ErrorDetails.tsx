/** What is known about an error, folded away. */

import type { Failure } from "../protocol/failure.ts";

export function ErrorDetails({ path, error, open }: {
  readonly path: string;
  readonly error: Failure["error"];
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
