import assert from "node:assert/strict";
import { createProgram } from "../../commands/program.ts";
import { crystallite } from "../support/command_line.ts";
import config from "../../deno.json" with { type: "json" };

const program = await createProgram({
  say: () => {},
  io: { writeOut() {}, writeError() {}, terminal: null },
  signal: new AbortController().signal,
  command: [],
});

const inputFlags = [
  "--scan-shape",
  "--partial",
  "--dataset",
  "--frames",
  "--roi",
  "--q-bin",
  "--pixel-size",
  "--q-pixel-size",
  "--bad-pixels",
  "--q-center",
];
const prefilterFlags = [
  "--prefilter-blur",
  "--prefilter-radius",
  "--prefilter-footprint",
  "--prefilter-range",
  "--prefilter-edge",
];
/** Of all that is planned beforehand. */
const plannedFlags = [
  ...[
    ...inputFlags,
    ...prefilterFlags,
    "--out",
    "--blur",
    "--prefilter",
    "--metric",
    "--q-mask",
    "--threshold",
    "--mask",
  ],
  ...["--min-size", "--average", "--preset", "--workers", "--memory"],
];
/** Of every frame of a series. */
const frameFlags = [
  ...plannedFlags,
  ...["--drift", "--hint", "--max-shift", "--gap", "--remember"],
];

const expectedFlags: Record<string, readonly string[]> = {
  info: inputFlags,
  cluster: [
    ...inputFlags,
    ...prefilterFlags,
    "--out",
    "--force",
    "--export",
    "--blur",
    "--prefilter",
    "--no-prefilter",
    "--metric",
    ...["--exact", "--no-exact", "--border-width", "--missing-neighbour"],
    "--q-mask",
    "--threshold",
    "--mask",
    "--min-size",
    "--average",
    "--preset",
    "--edits",
    ...["--plan", "--rows", "--part"],
    "--workers",
    "--memory",
  ],
  series: [...frameFlags, "--force", "--frames", "--frame-values", "--axis", "--only"],
  watch: [...frameFlags.filter((flag) => flag !== "--frames"), "--idle"],
  tracks: [
    ...["--join", "--cut", "--assign", "--undo", "--redo", "--log", "--edits", "--out", "--force"],
  ],
  edit: [
    ...["--merge", "--split", "--exclude", "--assign", "--undo", "--redo"],
    ...["--log", "--scan", "--no-averages", "--workers", "--memory"],
  ],
  plan: [...plannedFlags, "--force", "--parts"],
  merge: ["--out", "--labels", "--force", "--export", "--workers", "--memory"],
  average: ["--plan", "--labels", "--rows", "--part", "--workers", "--memory"],
  batch: [...plannedFlags, "--series", "--parts", "--program", "--partition", "--account"],
  peaks: [
    ...inputFlags,
    ...["--out", "--force", "--template", "--disk-radius", "--most", "--least-relative", "--relative-to"],
    ...["--least-height", "--spacing", "--border", "--probe-roi", "--subpixel", "--workers", "--memory"],
  ],
  calibrate: [
    ...inputFlags,
    ...["--crystal", "--cif", "--voltage", "--disk-radius", "--origin", "--origin-fit", "--origin-out"],
    ...["--no-ellipse", "--template", "--probe-roi", "--subpixel", "--force", "--max-q", "--scan"],
    ...["--workers", "--memory"],
  ],
  orient: [
    ...[
      "--crystal",
      "--cif",
      "--voltage",
      "--q-pixel-size",
      "--disk-radius",
      "--no-fit-pixel-size",
      "--max-q",
    ],
    ...["--zone-step", "--excitation-width", "--matches", "--debye-waller", "--workers", "--memory"],
    ...["--align", "--no-align", "--scan"],
  ],
  strain: [
    ...["--reference", "--roi", "--axes", "--origin-fit", "--min-peaks", "--scan", "--workers", "--memory"],
    "--per-probe",
  ],
  texture: ["--source", "--planes", "--projection", "--half-width", "--neighbours", "--kam-limit"],
  describe: ["--bibtex"],
  page: ["--out", "--averages", "--force"],
  filter: [...inputFlags, ...prefilterFlags, "--out", "--compression", "--force", "--workers", "--memory"],
  convert: [
    ...inputFlags.filter((flag) => !["--bad-pixels", "--q-center"].includes(flag)),
    ...["--out", "--compression", "--force", "--workers", "--memory"],
  ],
  virtual: [...inputFlags, "--out", "--force", "--detector", "--workers", "--memory"],
  score: [],
  simulate: [
    ...["--out", "--force", "--example", "--size", "--workers", "--memory"],
    "--rows",
    "--columns",
    "--seed",
    "--dose",
    "--grains",
    "--layout",
    "--texture",
    ...["--frames", "--drift", "--motion", "--spin", "--growth", "--merges", "--births"],
    ...["--dissolutions", "--coarsening", "--nucleations"],
  ],
  serve: ["--port", "--host", "--no-open", "--workers", "--memory"],
  demo: ["--out", "--workers", "--memory"],
  doctor: [],
  completions: [],
  manual: [],
  licenses: [],
};

Deno.test("the commands are those that are built, no others", () => {
  assert.deepEqual(program.commands.map((command) => command.name()), Object.keys(expectedFlags));
});

for (const command of program.commands) {
  Deno.test(`${command.name()} has its flags, each with one line of help and its default`, () => {
    const flags = command.options.map((option) => option.long!);
    for (const flag of [...expectedFlags[command.name()], "--json", "--quiet", "--debug"]) {
      assert(flags.includes(flag), `${flag} is missing`);
    }
    for (const option of command.options) {
      assert(!option.description.includes("\n"));
      const complete = /\((default: |required)/.test(option.description) || option.defaultValue !== undefined;
      assert(complete, `${option.long} states no default: ${option.description}`);
    }
  });

  Deno.test(`${command.name()} --help shows every flag and examples on standard output`, async () => {
    const { code, out, error } = await crystallite(command.name(), "--help");
    assert.equal(code, 0);
    assert.equal(error, "");
    for (const option of command.options) assert(out.includes(option.long!), `${option.long} is not shown`);
    assert.match(out, new RegExp(`Examples:\\n {2}crystallite ${command.name()}`));
  });
}

Deno.test("--help lists the commands, --version prints the version", async () => {
  const help = await crystallite("--help");
  assert.equal(help.code, 0);
  for (const name of Object.keys(expectedFlags)) assert.match(help.out, new RegExp(`^ {2}${name} `, "m"));
  assert.deepEqual(await crystallite("--version"), { code: 0, out: `${config.version}\n`, error: "" });
});

Deno.test("without a command the help is shown as wrong usage", async () => {
  const { code, out, error } = await crystallite();
  assert.equal(code, 2);
  assert.equal(out, "");
  assert.match(error, /Usage: crystallite/);
});
