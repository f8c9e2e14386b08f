/** The library speaks of parameters, commands and viewer of flags: every name between the two is known. */

import assert from "node:assert/strict";
import { createProgram } from "../../../commands/program.ts";
import { errorInFlags, flagOf, inFlags, parameterOf } from "../../../library/report/flag_names.ts";
import { BadParameter, ShapeUnknown } from "../../../library/scan/errors.ts";

const root = new URL("../../../", import.meta.url);
const program = await createProgram({
  say: () => {},
  io: { writeOut() {}, writeError() {}, terminal: null },
  signal: new AbortController().signal,
  command: [],
});
const flags = new Set(
  program.commands.flatMap((command) => command.options.map((option) => option.long ?? "")),
);

/** Files that say what flags are called and what is typed behind them. */
const schemas = /^library\/(parameters\/.*|.*\/((\w+_)?parameters|\w+_kinds?)\.ts$)/;
/** Files about flags: which there are, and what becomes of those that are given. */
const aboutFlags = ["library/cluster/presets.ts", "library/report/flag_names.ts"];

/** Sources of the library without their comments. */
function* libraryCode(folder = "library/"): Generator<[file: string, code: string]> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory) yield* libraryCode(`${folder}${name}/`);
    else if (name.endsWith(".ts")) {
      const text = Deno.readTextFileSync(new URL(folder + name, root));
      yield [folder + name, text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "")];
    }
  }
}

Deno.test("texts of the library become those of the command line", () => {
  const texts: [string, string][] = [
    ["raise `memory` to 600M or more", "raise --memory to 600M or more"],
    ["`prefilter.edge` is out of range", "--prefilter-edge is out of range"],
    ["use `method: growth`, and `mask: none`", "use --method growth, and --mask none"],
    ["choose `frame: 2`", "choose --frames 2:3"],
    ["with `badPixels: pixels`, or `badPixels: none`", "with --bad-pixels FILE, or --bad-pixels none"],
    ["such as `detectorMask: outside`", "such as --q-mask outside:R"],
    [
      "give `threshold: number`, or leave `borderWidth` out",
      "give --threshold T, or leave --border-width out",
    ],
    ["give `patternRows` as a whole number", "give --pattern-rows as a whole number"],
    ["run `deno task build` once", "run `deno task build` once"],
    ["a file called `toString` or `something`", "a file called `toString` or `something`"],
  ];
  for (const [library, command] of texts) assert.equal(inFlags(library), command);
});

Deno.test("an error in flags keeps its other fields, parameter included", () => {
  const details = {
    file: "`mask`",
    parameter: "scanShape",
    patterns: 6,
    remedy: "give `scanShape` ROWSxCOLUMNS",
  };
  assert.deepEqual(errorInFlags(new ShapeUnknown("`scanShape` is missing", details)), {
    ...details,
    kind: "ShapeUnknown",
    message: "--scan-shape is missing",
    remedy: "give --scan-shape ROWSxCOLUMNS",
  });
  const bare = errorInFlags(new BadParameter("no"));
  assert.deepEqual(bare, { kind: "BadParameter", message: "no" });
});

Deno.test("every parameter that a sentence of the library marks has a flag that a command offers", () => {
  const marked = new Set<string>();
  for (const [file, code] of libraryCode()) {
    if (schemas.test(file)) continue;
    // Between plain backticks inside quotes, between escaped ones inside templates.
    const inQuotes = Array.from(code.matchAll(/"([^"\n]*)"/g), ([, text]) => text).join("\n");
    const marks = [
      ...inQuotes.matchAll(/`([A-Za-z][A-Za-z.]*)(?:: [^`]*)?`/g),
      ...code.matchAll(/\\`([A-Za-z.]+)(?:: [^`]*)?\\`/g),
    ];
    for (const [, name] of marks) {
      marked.add(name);
      const flag = flagOf(name);
      assert.ok(flag !== undefined, `${file} marks ${name}`);
      assert.ok(flags.has(flag.split(" ")[0]), `no command offers ${flag}`);
    }
  }
  assert.ok(marked.size > 15, `only ${marked.size} are found`);
});

Deno.test("every parameter in a field of an error has a flag", () => {
  const named = new Set<string>();
  for (const [file, code] of libraryCode()) {
    if (schemas.test(file)) continue;
    for (const [, name] of code.matchAll(/\bparameter: "([^"]+)"/g)) named.add(name);
    for (const [, name] of code.matchAll(/(?<![.\w])demand\([^"]*"([^"]+)"/g)) named.add(name);
  }
  assert.ok(named.has("prefilter") && named.has("prefilter.edge") && named.has("scanShape"));
  for (const name of named) assert.notEqual(flagOf(name), undefined, name);
});

/**
 * Texts that speak of flags on purpose: reports are read by those who use the command line, and so are the warnings,
 * which results keep as they are.
 */
const speakOfFlags: Readonly<Record<string, readonly string[]>> = {
  "library/cluster/automatic_threshold.ts": ["--method"],
  "library/cluster/count_warnings.ts": [
    ...["--mask", "--min-size", "--min-size"],
    ...["--min-size", "--min-size", "--min-size"],
  ],
  "library/cluster/mask_warnings.ts": ["--mask", "--mask"],
  "library/cluster/segment.ts": ["--mask", "--mask", "--roi", "--method", "--prefilter"],
  // Parts are made on other machines, by the commands that these name.
  "library/distributed/average_part.ts": ["--labels"],
  "library/distributed/gather_parts.ts": [
    ...["--plan", "--rows", "--part"],
    ...["--labels", "--plan", "--rows", "--part"],
  ],
  "library/distributed/part_files.ts": ["--part", "--rows"],
  "library/formats/empad.ts": ["--q-pixel-size"],
  "library/formats/hdf5/dectris_metadata.ts": ["--pixel-size"],
  "library/formats/hdf5/dataset.ts": ["--scan-shape"],
  "library/formats/merlin/scan_lines.ts": ["--scan-shape"],
  "library/formats/mrc/format.ts": ["--dtype"],
  "library/formats/single_axes.ts": ["--scan-shape"],
  "library/formats/tvips/format.ts": ["--scan-shape"],
  "library/passes/detector/detector_warnings.ts": ["--bad-pixels", "--q-center"],
  "library/report/html.ts": ["--threshold"],
  // Of the tables in the documentation.
  "library/results/products.ts": ["--method", "--average", "--mask", "--preset", "--preset"],
  // Asked of those who edit a result by a command.
  "library/results/scan_of_result.ts": ["--scan", "--no-averages"],
  "library/report/trust_text.ts": ["--mask", "--mask"],
};

Deno.test("no flag of a command stands in the library, but in reports and warnings", () => {
  const found: Record<string, string[]> = {};
  for (const [file, code] of libraryCode()) {
    if (schemas.test(file) || aboutFlags.includes(file)) continue;
    const spoken = Array.from(code.matchAll(/(?<![\w-])--[a-z][a-z-]*/g), ([flag]) => flag);
    const own = spoken.filter((flag) => flags.has(flag));
    if (own.length > 0) found[file] = own;
  }
  assert.deepEqual(found, speakOfFlags);
});

Deno.test("every flag about reading, clustering and resources stands for a parameter, and back", () => {
  /** What a command does with the result, or another way to say what other flags say. */
  const aside = [
    "--export",
    "--edits",
    "--preset",
    "--plan",
    "--part",
    "--no-prefilter",
    "--no-exact",
    "--no-swap-scan-axes",
    "--no-detector-transpose",
    "--no-follow-links",
    "--no-partial",
    "--json",
    "--quiet",
    "--debug",
  ];
  const cluster = program.commands.find((command) => command.name() === "cluster")!;
  for (const { long } of cluster.options) {
    const parameter = parameterOf(long!);
    assert.equal(parameter === undefined, aside.includes(long!), long);
    if (parameter !== undefined) assert.equal(flagOf(parameter), long);
  }
  assert.equal(parameterOf("--port"), undefined);
});
