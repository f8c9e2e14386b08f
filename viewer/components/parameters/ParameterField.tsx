/** The field of one parameter, as its schema describes it: a choice, numbers or a file. */

import type { ComponentChildren } from "preact";
import { Choice, FieldLine, TextInput } from "../Field.tsx";
import { chosenAlternative, type FieldFlag, isNumber } from "../../page/running/form.ts";
import { changeField } from "../../page/running/parameters.ts";

export function ParameterField({ flag, field, text, children }: FieldFlag & {
  readonly text: string;
  /** What stands below. */
  readonly children?: ComponentChildren;
}) {
  const { name, help, label = name, alternatives, unit } = field;
  const { chosen, numbers } = chosenAlternative(field, text);
  const { prefix = "", wholeFrom, file } = chosen;
  const change = (value: string) => changeField(flag, value);
  const put = (place: number, value: string) =>
    change(prefix + numbers.map((own, at) => at === place ? value : own).join(","));
  const valid = (value: string) =>
    wholeFrom === undefined ? isNumber(value) : Number.isInteger(Number(value)) && Number(value) >= wholeFrom;
  return (
    <>
      <FieldLine name={name} help={help}>
        {alternatives.length > 1 && (
          <Choice
            label={label}
            options={alternatives.map(({ id, label = id }) => [id, label])}
            value={chosen.id}
            choose={(id) => change(alternatives.find((one) => one.id === id)?.first ?? id)}
          />
        )}
        {numbers.map((value, place) => (
          <TextInput
            key={place}
            label={chosen.numbers![place]}
            value={value}
            valid={valid}
            change={(changed) => put(place, changed)}
          />
        ))}
        {file !== undefined && (
          <TextInput
            label={file}
            wide
            valid={(path) => path !== ""}
            value={text}
            change={change}
          />
        )}
        {numbers.length > 0 && unit !== undefined && <span>{unit}</span>}
      </FieldLine>
      {children}
    </>
  );
}
