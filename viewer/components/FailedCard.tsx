/** A file that could not be opened: one sentence, the remedy, the details. */

import type { Failure } from "../protocol/failure.ts";
import { openPath } from "../page/opening/opening.ts";
import { fieldsAsked } from "../page/opening/reading_fields.ts";
import { ReadingForm } from "./ReadingForm.tsx";
import { ErrorDetails } from "./ErrorDetails.tsx";
import { type Asked, showChoice } from "../page/opening/screen.ts";

/** Kinds of failures that reading the file in another way may mend. */
const readable = new Set(["BadParameter", "UnsupportedFormat", "ShapeUnknown", "CorruptFile"]);

export function FailedCard({ path, asked, error }: {
  readonly path: string;
  readonly asked: Asked;
  readonly error: Failure["error"];
}) {
  const { remedy } = error.details, first = fieldsAsked(error);
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
      {readable.has(error.kind) && (
        <details open={first.length > 0 || asked.input.length > 0}>
          <summary>How it is read</summary>
          <ReadingForm path={path} asked={asked} first={first} />
        </details>
      )}
      <ErrorDetails path={path} error={error} />
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/[.]$/, "");
}
