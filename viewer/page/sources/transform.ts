/** The Fourier transform of the pattern at the probe: peaks stand where its spots repeat. */

import { patternTransform } from "../../../library/measuring/pattern_transform.ts";
import { item, probePattern, readable } from "../state.ts";
import { sumOf } from "./group_average.ts";
import type { PatternSource } from "./pattern_source.ts";

export const probeTransform: PatternSource = {
  name: "transform",
  there: () => readable.value,
  label: () => "FFT of the probe",
  note: () => "amplitudes, Hann window",
  missing: () => "Click a probe to see its transform.",
  meant: () => probePattern.value && `transform:${probePattern.value.of}`,
  known: () => null,
  load: (_, meant) => {
    const { patternRows: rows, patternColumns: columns } = item.peek()!.shape;
    const values = patternTransform(probePattern.peek()!.values, { rows, columns });
    return Promise.resolve({ of: meant, values, sum: sumOf(values), note: "", transformed: true });
  },
};
