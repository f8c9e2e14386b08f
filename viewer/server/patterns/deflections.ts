/** Shifts of the centre of mass over a scan, as the page gets them. */

import { runPasses } from "../../../library/engine/run_passes.ts";
import { integratedField } from "../../../library/measuring/integrated_field.ts";
import { CenterOfMassPass } from "../../../library/passes/center_of_mass.ts";
import type { DeflectionHeader } from "../../protocol/deflections.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { Detector } from "../../protocol/virtual_images.ts";
import { asRecorded, type Item } from "../items/item.ts";
import type { Engines } from "../runs/engines.ts";
import { maskOf } from "./virtual_images.ts";

/**
 * The shifts of every probe less their mean, and their integral.
 *
 * @throws {BadParameter} when the detector has no pixel
 * @throws {FileUnavailable} when the scan cannot be read
 * @throws {Aborted} when the signal fires
 */
export async function deflectionParts(
  engines: Engines,
  item: Item,
  detector: Required<Detector> | null,
  recorded: boolean,
  signal: AbortSignal,
): Promise<Parts<DeflectionHeader>> {
  const scan = item.demandScan(), { patternRows, patternColumns } = item.shape;
  const { row, column } = await engines.answer(async (engine) => {
    const { fill, badPixels } = recorded ? asRecorded : await item.prepare(engine, signal);
    const center = detector ?? { row: (patternRows - 1) / 2, column: (patternColumns - 1) / 2 };
    const everywhere = { ...center, inner: 0, outer: patternRows + patternColumns };
    const pixels = maskOf(item, detector ?? everywhere, badPixels.masked);
    const pass = new CenterOfMassPass(scan, pixels, center);
    return (await runPasses(engine, scan, { fill }, [pass], { signal }))[0];
  }, signal);
  const mean = { row: takeMean(row), column: takeMean(column) };
  const size = item.content.facts.calibration.pixelSize;
  // In probes along the rows, so that only the proportion of a probe counts.
  const step = { row: size ? size.row / size.column : 1, column: 1 };
  return {
    header: { mean },
    arrays: { row, column, integrated: integratedField({ row, column }, item.shape, step) },
  };
}

/** Takes the mean of what is a number away, in place; returns it. */
function takeMean(values: Float32Array): number {
  let sum = 0, count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  const mean = count > 0 ? sum / count : 0;
  values.forEach((value, probe) => values[probe] = value - mean);
  return mean;
}
