/** Fields that are bound to a flag of the command line. */

import { Choice, FieldLine, TextInput } from "../Field.tsx";
import type { Field, FormTexts } from "../../page/running/form.ts";
import { changeField } from "../../page/running/parameters.ts";

export function FieldChoice({ field, label, texts, options }: {
  readonly field: Field;
  readonly label: string;
  readonly texts: FormTexts;
  readonly options: readonly (readonly [string, string])[];
}) {
  return (
    <Choice
      label={label}
      options={options}
      value={texts[field]}
      choose={(value) => changeField(field, value)}
    />
  );
}

export function FieldText({ field, label, texts, valid }: {
  readonly field: Field;
  readonly label: string;
  readonly texts: FormTexts;
  readonly valid?: (text: string) => boolean;
}) {
  return (
    <TextInput
      label={label}
      value={texts[field]}
      valid={valid}
      change={(value) => changeField(field, value)}
    />
  );
}

export function AutoNumber({ field, name, help, unit, text, first }: {
  readonly field: Field;
  readonly name: string;
  readonly help: string;
  readonly unit: string;
  readonly text: string;
  readonly first: string;
}) {
  const automatic = text === "auto";
  return (
    <FieldLine name={name} help={help}>
      <Choice
        label={name}
        options={[["auto", "Choose"], ["number", "Number"]]}
        value={automatic ? "auto" : "number"}
        choose={(value) => changeField(field, value === "auto" ? "auto" : first)}
      />
      {!automatic && (
        <>
          <TextInput
            label={`${name} in ${unit}`}
            value={text}
            change={(value) => changeField(field, value)}
          />
          <span>{unit}</span>
        </>
      )}
    </FieldLine>
  );
}

export function KindOrFile({ field, label, text, kinds }: {
  readonly field: Field;
  readonly label: string;
  readonly text: string;
  readonly kinds: readonly (readonly [string, string])[];
}) {
  const known = kinds.some(([kind]) => kind === text);
  return (
    <>
      <Choice
        label={label}
        options={[...kinds, ["path", "From file"]]}
        value={known ? text : "path"}
        choose={(value) => changeField(field, value === "path" ? "./bad_pixels.npy" : value)}
      />
      {!known && (
        <TextInput
          label={`File of ${label.toLowerCase()}`}
          wide
          valid={(path) => path !== ""}
          value={text}
          change={(value) => changeField(field, value)}
        />
      )}
    </>
  );
}
