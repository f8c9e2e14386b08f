/** A file that could not be opened: one sentence, the remedy, the details. */

import type { Failure } from "../protocol/failure.ts";
import { openPath } from "../page/opening/opening.ts";
import { ErrorDetails } from "./ErrorDetails.tsx";
import { type Asked, showChoice } from "../page/opening/screen.ts";

export function FailedCard({ path, asked, error }: {
  readonly path: string;
  readonly asked: Asked;
  readonly error: Failure["error"];
}) {
  const { remedy } = error.details;
  return (
    <div class="card" role="alert">
      <div class="tag">
        <i />Not opened
      </div>
      <h1>{capital(error.message)}.</h1>
      {remedy && <p>{capital(remedy)}.</p>}
      <div class="buttons">
        <button type="button" class="button primary" onClick={showChoice}>
          Choose another file
        </button>
        <button type="button" class="button" onClick={() => openPath(path, asked)}>Try again</button>
      </div>
      <ErrorDetails path={path} error={error} />
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/[.]$/, "");
}
