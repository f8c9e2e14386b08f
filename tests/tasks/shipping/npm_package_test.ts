/** The npm package, installed in an empty folder with nothing but Node and npm, and used without network. */

import assert from "node:assert/strict";
import { writeNpmPackage } from "../../../tasks/shipping/npm_package.ts";
import { crystallite } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";

const root = new URL("../../../", import.meta.url);

function hasNpm(): boolean {
  try {
    return new Deno.Command("npm", { args: ["--version"], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

const ignore = !hasNpm();
if (ignore) console.warn("skipped, npm is not here: the npm package");

/** What an installed command needs of the world: no home, and a network that answers nothing. */
function environment(folder: string): Record<string, string> {
  const nowhere = "http://127.0.0.1:9";
  return {
    PATH: Deno.env.get("PATH")!,
    HOME: `${folder}/home`,
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_COLOR: "1",
  };
}

function run(command: string, args: string[], cwd: string, env?: Record<string, string>) {
  const options = env ? { clearEnv: true, env } : {};
  const { code, stdout, stderr } = new Deno.Command(command, { args, cwd, ...options }).outputSync();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

/** Installs the package into `folder` as a user does; gives its command. */
async function install(folder: string): Promise<string> {
  await writeNpmPackage(root, new URL(`file://${folder}/package/`));
  const packed = run("npm", ["pack", "--silent", "./package"], folder);
  assert.equal(packed.code, 0, packed.error);
  await Deno.mkdir(`${folder}/user`);
  // Scripts of installation are blocked, as many groups have it.
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  const installed = run("npm", ["install", ...flags, `../${packed.out.trim()}`], `${folder}/user`);
  assert.equal(installed.code, 0, installed.error);
  return `${folder}/user/node_modules/.bin/crystallite`;
}

Deno.test({
  name:
    "the installed npm package gives the same bytes, ends as the program ends, and is a library with types",
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const command = await install(folder), env = environment(folder), cwd = `${folder}/user`;
      const scan = await writeFilm(folder);
      assert.equal(
        run(command, ["--version"], cwd, env).out.trim(),
        JSON.parse(Deno.readTextFileSync(new URL("deno.json", root))).version,
      );
      const page = await Deno.readTextFile(`${cwd}/node_modules/crystallite/man/crystallite.1`);
      assert.match(page, /^\.SH NAME\ncrystallite /m, "what npm puts where man looks");
      const docs = await fileNames(`${cwd}/node_modules/crystallite/_fresh/static/docs`);
      assert.ok(docs.includes("index.html") && docs.includes("docs") && !docs.includes("api"), docs.join());
      const clustered = run(
        command,
        ["cluster", scan, "--out", "result", ...clusterFlags, "--json"],
        cwd,
        env,
      );
      assert.equal(clustered.code, 0, clustered.error + clustered.out);
      const here = await crystallite("cluster", scan, "--out", `${folder}/here`, ...clusterFlags);
      assert.equal(here.code, 0, here.error);
      for (const file of ["labels.npy", "averages.npy", "map.png"]) {
        assert.deepEqual(
          Deno.readFileSync(`${cwd}/result/${file}`),
          Deno.readFileSync(`${folder}/here/${file}`),
          file,
        );
      }
      assert.equal(run(command, ["cluster", scan], cwd, env).code, 2, "wrong usage");
      assert.equal(run(command, ["info", "not_there.npy"], cwd, env).code, 1, "failure");
      checkLibrary(cwd, scan);
      await checkInterrupt(command, cwd, env);
    }),
});

/** A program of TypeScript that imports the package. */
function checkLibrary(cwd: string, scan: string): void {
  Deno.writeTextFileSync(
    `${cwd}/use.ts`,
    `import { clusterScan, type Clustering, defaultParameters, openScan } from "crystallite";
    const scan = await openScan(${JSON.stringify(scan)});
    const clustering: Clustering = await clusterScan(scan, { ...defaultParameters, blur: 1, threshold: 0.97 });
    const clusters: number = clustering.clusters.length;
    console.log(clusters > 0 && clustering.labels.length === scan.shape.rows * scan.shape.columns);
    scan.close();\n`,
  );
  const deno = (...args: string[]) =>
    run(Deno.execPath(), [...args, "--no-config", "--no-lock", "--node-modules-dir=manual", "use.ts"], cwd);
  const used = deno("run", "--quiet", "--allow-all");
  assert.equal(used.out.trim(), "true", used.error);
  const checked = deno("check");
  assert.equal(checked.code, 0, checked.error);
  Deno.writeTextFileSync(
    `${cwd}/use.ts`,
    'import { openScan } from "crystallite";\nconst scan: number = openScan("a.npy");\nconsole.log(scan);\n',
  );
  assert.match(deno("check").error, /not assignable to type 'number'/, "types are more than any");
}

/** SIGINT to the command alone, as scripts send it, ends the program as Ctrl-C does. */
async function checkInterrupt(command: string, cwd: string, env: Record<string, string>): Promise<void> {
  const child = new Deno.Command(command, {
    args: ["serve", "--no-open", "--port", "0"],
    cwd,
    clearEnv: true,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let said = "";
  const decoder = new TextDecoder();
  for await (const piece of child.stdout.values({ preventCancel: true })) {
    said += decoder.decode(piece, { stream: true });
    if (/http:\/\//.test(said)) break;
  }
  child.kill("SIGINT");
  const { code } = await child.status;
  await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
  assert.ok(code === 0 || code === 130, `ended with ${code}`);
}

Deno.test("all packages bring the Deno that everything is tested on", async () => {
  const read = (path: string) => Deno.readTextFile(new URL(path, root));
  const tested = /deno@([\d.]+)/.exec(await read(".ci/run"))![1];
  assert.match(await read("tasks/shipping/npm_package.ts"), new RegExp(`denoVersion = "${tested}"`));
  assert.ok((await read("tests/python/requirements.txt")).includes(`deno==${tested}\n`));
  assert.ok((await read("python/pyproject.toml")).includes(`"deno>=${tested},<3"`));
});
