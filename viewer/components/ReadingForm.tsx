/** How a file is read: what it does not say itself, written into fields; the file is opened with them. */

import { useState } from "preact/hooks";
import { openPath } from "../page/opening/opening.ts";
import { withWord, wordsByFlag } from "../page/opening/asked_words.ts";
import { type ReadingField, readingFields } from "../page/opening/reading_fields.ts";
import type { Asked } from "../page/opening/screen.ts";
import { Choice, FieldLine } from "./Field.tsx";
import { TextEntry } from "./TextEntry.tsx";

export function ReadingForm({ path, asked, first = [] }: {
  readonly path: string;
  readonly asked: Asked;
  /** Fields that are asked for; all others are folded away. */
  readonly first?: readonly ReadingField[];
}) {
  const [changed, setChanged] = useState(asked);
  const texts = wordsByFlag(changed), flags = new Set(first.map(({ flag }) => flag));
  const put = (flag: string, text: string) => setChanged((before) => withWord(before, flag, text));
  const lines = (fields: readonly ReadingField[]) =>
    fields.map((field) => <Line key={field.flag} field={field} text={texts.get(field.flag)} put={put} />);
  const others = (fields: readonly ReadingField[]) => fields.filter(({ flag }) => !flags.has(flag));
  return (
    <form
      class="reading"
      onSubmit={(event) => {
        event.preventDefault();
        // The field that has the focus is written when it is left.
        (document.activeElement as HTMLElement | null)?.blur();
        setChanged((now) => {
          openPath(path, now, { view: "" });
          return now;
        });
      }}
    >
      {lines(first)}
      {first.length === 0 ? lines(readingFields.usual) : (
        <details>
          <summary>How else it is read</summary>
          {lines(others(readingFields.usual))}
        </details>
      )}
      <details>
        <summary>Raw numbers and links</summary>
        {lines(others(readingFields.rare))}
      </details>
      <button type="submit" class="button primary">Open so</button>
    </form>
  );
}

function Line({ field: { flag, name, example, help, choices, isSwitch }, text, put }: {
  readonly field: ReadingField;
  readonly text: string | undefined;
  readonly put: (flag: string, text: string) => void;
}) {
  if (isSwitch) {
    return (
      <FieldLine name={name}>
        <input
          type="checkbox"
          aria-label={name}
          checked={text !== undefined}
          onChange={(event) => put(flag, event.currentTarget.checked ? "on" : "")}
        />
      </FieldLine>
    );
  }
  return (
    <FieldLine name={name} help={help}>
      {choices
        ? <Choice label={name} options={choices} value={text ?? ""} choose={(value) => put(flag, value)} />
        : (
          <TextEntry
            class="path"
            aria-label={name}
            placeholder={example}
            autocomplete="off"
            spellcheck={false}
            value={text ?? ""}
            done={(written) => put(flag, written.trim())}
          />
        )}
    </FieldLine>
  );
}
