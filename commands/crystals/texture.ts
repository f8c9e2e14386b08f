/** `crystallite texture`: pole figures and local misorientation of a result with orientations. */

import { join } from "node:path";
import { Command, Option } from "commander";
import { laueGroup } from "../../library/crystal/point_group.ts";
import {
  type SampleAxis,
  type Texture,
  textureOf,
  type TexturePhase,
} from "../../library/mapping/texture.ts";
import { type Projection, projections } from "../../library/mapping/projection.ts";
import { type Indices, parsePlanes } from "../../library/parameters/planes.ts";
import { millerText } from "../../library/report/miller_name.ts";
import { textureFigures, textureSection } from "../../library/report/texture_section.ts";
import { addToResult } from "../../library/results/add_files.ts";
import { readCrystals, readOrientations } from "../../library/results/read_orientations.ts";
import {
  bestSource,
  type OrientationSource,
  readProbeOrientations,
  readProbeScores,
} from "../../library/results/read_probe_orientations.ts";
import { readResult, type StoredResult } from "../../library/results/read.ts";
import { encodeTexture, isTextureFile } from "../../library/results/texture_files.ts";
import { medianOf } from "../../library/scan/median.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import { bounded } from "../options/crystal_options.ts";
import { formatNumber, formatTable } from "../console/format_quantity.ts";
import { addOutputOptions, type OutputFlags } from "../options/output_options.ts";

const examples = `
Give the orientations first: crystallite orient result --crystal Au. Writes pole_figure_PHASE_PLANE.svg and
inverse_pole_figure_PHASE_AXIS.svg into the result, and a section of report.html. Where strain was measured, or every
probe was matched, also kam.npy and grod.npy in degrees, pictures of them, and the orientation of every probe as
probe_orientation.ang, .ctf, .h5 and .dream3d.

Examples:
  crystallite texture result
  crystallite texture result --planes 111,220 --projection stereographic
`;

/** Where the orientations come from, in the words of the report. */
const sourceWords: Readonly<Record<OrientationSource, string>> = {
  probes: "the orientation of every probe",
  strain: "the orientation of every probe, that of its cluster turned by its strain’s rotation",
  clusters: "the orientations of the clusters",
};

/** Flags of `texture`, as commander hands them over. */
interface Flags extends OutputFlags {
  readonly source?: OrientationSource;
  readonly planes?: readonly Indices[];
  readonly projection: Projection;
  readonly halfWidth: number;
  readonly neighbours: "4" | "8";
  readonly kamLimit: number;
}

/** The command `texture`. */
export function textureCommand(context: CommandContext) {
  const command = new Command("texture")
    .summary("draw pole figures, and map how orientations vary inside clusters")
    .description(
      "Draws pole figures and inverse pole figures of the orientations of a result, weighted by area, and maps the " +
        "turns between neighbouring probes of a cluster (KAM) and from the cluster's mean (GROD).",
    )
    .argument("<result>", "result directory with orientations")
    .addOption(
      new Option(
        "--source <WHAT>",
        "orientations of every probe (orient --per-probe), of clusters turned by the rotation of strain, or of clusters " +
          "(default: the first of these that the result has)",
      ).choices(Object.keys(sourceWords)),
    )
    .option("--planes <HKL,HKL>", "planes of the pole figures (default: the three widest apart)", parsePlanes)
    .addOption(
      new Option("--projection <NAME>", "how the hemisphere is drawn (default: equal-area)")
        .choices(projections).default("equal-area", "equal-area"),
    )
    .option(
      "--half-width <DEG>",
      "spread of the densities in degrees (default: 10)",
      bounded("--half-width", "an angle from 1 to 45 degrees", 1, 45),
      10,
    )
    .addOption(
      new Option("--neighbours <N>", "neighbours that local turns are averaged over (default: 8)")
        .choices(["4", "8"]).default("8", "8"),
    )
    .option(
      "--kam-limit <DEG>",
      "larger turns between neighbours do not count, in degrees (default: 5)",
      bounded("--kam-limit", "an angle from 0.1 to 180 degrees", 0.1, 180),
      5,
    );
  return addOutputOptions(command)
    .addHelpText("after", examples)
    .action(async (directory: string, flags: Flags) => {
      await runWithProgress(context, flags, async (run) => {
        const stored = await readResult(directory);
        const source = flags.source ?? bestSource(stored);
        const { texture, phases } = await textureResult(run, stored, source, flags);
        report(run, directory, source, texture, phases);
      });
    });
}

/** Works out the texture of a result and adds it to the result. */
async function textureResult(
  run: CommandRun,
  stored: StoredResult,
  source: OrientationSource,
  flags: Flags,
): Promise<{ texture: Texture; phases: TexturePhase[] }> {
  const { record, orientations } = readOrientations(stored);
  const phases = (await readCrystals(stored, record)).map((crystal) => ({
    crystal,
    group: laueGroup(crystal),
  }));
  const probes = readProbeOrientations(stored, source, orientations, phases.length);
  const neighbours = flags.neighbours === "4" ? 4 : 8, { halfWidth, projection, kamLimit: limit } = flags;
  const { labels, shape, clusters } = stored;
  const texture = textureOf(probes, labels, shape, clusters.length, phases, {
    ...{ families: flags.planes, halfWidth, neighbours, limit },
  });
  const local = source !== "clusters";
  const content = { texture, phases, shape, pixelSize: stored.run.calibration.pixelSize };
  const section = {
    ...content,
    ...{ projection, halfWidth, limit, neighbours, local, source: sourceWords[source] },
    sizes: clusters.map(({ size }) => size),
  };
  const figures = textureFigures(section);
  const warnings = await addToResult(stored, {
    files: encodeTexture({
      ...content,
      ...(local && { probes, scores: readProbeScores(stored, source) }),
    }, figures),
    outdated: isTextureFile,
    sections: { texture: textureSection(section, figures) },
    record: { texture: { source, projection, halfWidth, neighbours, limit, ...summary(source, texture) } },
  }, run.options.signal);
  warnings.forEach(run.warn);
  return { texture, phases };
}

/** What the run record and `--json` say: the highest density of each figure, and medians of local turns. */
function summary(source: OrientationSource, { poleFigures, inversePoleFigures, kam, grod }: Texture) {
  return {
    poleFigures: poleFigures.map(({ phase, family, density }) => ({
      ...{ phase, plane: family, maximum: density.maximum() },
    })),
    inversePoleFigures: inversePoleFigures.map(({ phase, axis, density }): {
      phase: number;
      axis: SampleAxis;
      maximum: number;
    } => ({ phase, axis, maximum: density.maximum() })),
    ...(source !== "clusters" && { kam: medianOfKnown(kam), grod: medianOfKnown(grod) }),
  };
}

function medianOfKnown(values: Float32Array): number {
  return medianOf(values.filter((value) => !Number.isNaN(value)));
}

function report(
  run: CommandRun,
  directory: string,
  source: OrientationSource,
  texture: Texture,
  phases: readonly TexturePhase[],
): void {
  const found = summary(source, texture);
  const times = (maximum: number) => `${formatNumber(maximum, 3)} times random`;
  run.print(
    { out: directory, source, ...found },
    formatTable([
      ["orientations", `of ${source}`],
      ...found.poleFigures.map(({ phase, plane, maximum }) =>
        [`${phases[phase].crystal.name} {${millerText(plane)}}`, `up to ${times(maximum)}`] as const
      ),
      ...found.inversePoleFigures.map(({ phase, axis, maximum }) =>
        [`${phases[phase].crystal.name} along ${axis}`, `up to ${times(maximum)}`] as const
      ),
      [
        "neighbours",
        found.kam === undefined ? undefined : `${formatNumber(found.kam, 3)} degrees in the median`,
      ],
      [
        "from the mean",
        found.grod === undefined ? undefined : `${formatNumber(found.grod, 3)} degrees in the median`,
      ],
      ["written", join(directory, "report.html")],
    ]),
  );
}
