/** The last section of the report: parameters, input, times, warnings, and the command that makes it again. */

import type { PixelSize } from "../scan/calibration.ts";
import { quoteArgument } from "../scan/quote_argument.ts";
import { describeType } from "../scan/stored_number.ts";
import { formatShape } from "../scan/shape.ts";
import type { ReportContent, ScanFacts } from "./content.ts";
import { type Insertable, type Markup, markup } from "./markup.ts";
import { formatBytes, formatNumber, formatSeconds } from "./number_format.ts";
import { describeParameters } from "./parameter_text.ts";
import { formatUnit } from "./scale_bar.ts";

type Fact = readonly [name: string, value: Insertable];

/** Renders the section "How it was made". */
export function provenanceSection({ clustering, scan, run, timings }: ReportContent): Markup {
  const times = Object.entries(timings).map(([stage, seconds]): Fact => [stage, formatSeconds(seconds)]);
  const warnings = [...scan.warnings, ...clustering.warnings];
  const warningList = warnings.length === 0
    ? markup`<p class="secondary">none</p>`
    : markup`<ul class="warnings">${warnings.map((warning) => markup`<li>${warning}</li>`)}</ul>`;
  const command = run.command.map(quoteArgument).join(" ");
  return markup`<section><h2>How it was made</h2>
<div class="columns">
<div><h3 class="group">Parameters</h3>${factList(describeParameters(clustering))}</div>
<div><h3 class="group">Input</h3>${factList(describeInput(scan))}</div>
<div><h3 class="group">Time</h3>${factList(times)}</div>
<div><h3 class="group">Warnings</h3>${warningList}</div>
</div>
${command && markup`<h3 class="group">The same again</h3><pre><code>${command}</code></pre>`}</section>`;
}

function describeInput({ source, shape, dtype, calibration }: ScanFacts): Fact[] {
  const { pixelSize, qPixelSize, beamEnergy, convergenceAngle, cameraLength, scanRotation } = calibration;
  const facts: (Fact | null)[] = [
    // Isolated, so that right-to-left names cannot rearrange the line.
    ["File", markup`<bdi>${source.path}</bdi>`],
    source.dataset === undefined ? null : ["Data set", markup`<bdi>${source.dataset}</bdi>`],
    ["Format", source.format],
    ["Shape", formatShape(shape)],
    ["Type", describeType(dtype, source.numbers)],
    ["Step size", describePixelSize(pixelSize)],
    ["Detector pixel", describePixelSize(qPixelSize)],
    source.bytes === undefined ? null : ["File size", formatBytes(source.bytes)],
    beamEnergy === undefined ? null : ["Beam energy", `${formatNumber(beamEnergy)} keV`],
    convergenceAngle === undefined ? null : ["Convergence", `${formatNumber(convergenceAngle)} mrad`],
    cameraLength === undefined ? null : ["Camera length", `${formatNumber(cameraLength)} m`],
    scanRotation === undefined ? null : ["Scan rotation", `${formatNumber(scanRotation)}°`],
  ];
  return facts.filter((fact) => fact !== null);
}

function describePixelSize(size: PixelSize | undefined): string {
  if (size === undefined) return "unknown";
  const column = `${formatNumber(size.column, 6)} ${formatUnit(size.unit)}`;
  return size.row === size.column ? column : `${formatNumber(size.row, 6)} × ${column}`;
}

function factList(facts: readonly Fact[]): Markup {
  return markup`<dl class="facts">${
    facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)
  }</dl>`;
}
