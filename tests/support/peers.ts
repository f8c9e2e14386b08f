/** Reads files with the other programs of the field – RosettaSciIO, py4DSTEM, LiberTEM – where Python has them. */

import { createPixelArray, type DType, type PixelArray } from "../../library/scan/dtype.ts";
import { decodeNpy, type NumpyArray } from "./numpy.ts";
import { withFolder } from "./folders.ts";

/** The programs, by the names of their Python packages. */
const peerPackages = { rosettasciio: "rsciio", py4dstem: "py4DSTEM", libertem: "libertem" } as const;

/** A program that reads what we read. */
export type Peer = keyof typeof peerPackages;

/** One file to be read by one program. */
export interface PeerRequest {
  readonly program: Peer;
  /** Absolute path. */
  readonly file: string;
  /** Module of RosettaSciIO, function of py4DSTEM (`read`, `import_file`), file type of LiberTEM; default: as the file is called. */
  readonly reader?: string;
  /** Named arguments of the reader; lists are tuples for LiberTEM. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Which of several signals that RosettaSciIO finds; default: the first. */
  readonly signal?: number;
}

/** One axis, slowest first, in the words of the program. */
export interface PeerAxis {
  readonly name: string;
  readonly scale: number;
  readonly offset: number;
  readonly units: string | null;
}

/** What a program read, or what it said against it. */
export type PeerReading = { readonly error: string } | {
  readonly error?: undefined;
  readonly shape: readonly number[];
  /** Number type of the array as the program gives it, such as `u16` or `f32`; not always one of ours. */
  readonly dtype: string;
  /** SHA-256 of the numbers, little-endian in C order, in hexadecimal digits. */
  readonly sha256: string;
  /** The numbers, slowest axis first. */
  readonly data: NumpyArray["data"];
  /** What the program says about the axes; LiberTEM says nothing. */
  readonly axes?: readonly PeerAxis[];
  /** What kind of object py4DSTEM or LiberTEM makes of it. */
  readonly type?: string;
  /** How many signals RosettaSciIO found. */
  readonly signals?: number;
};

/** The interpreter that has these programs: `CRYSTALLITE_TEST_PYTHON`, or the one on the path. */
export const python = Deno.env.get("CRYSTALLITE_TEST_PYTHON") ?? "python3";

/**
 * Reads each file with its program, all in one process, and answers in the same order. What a program says against a file
 * is an answer, too.
 */
export async function readWithPeers(requests: readonly PeerRequest[]): Promise<PeerReading[]> {
  const script = new URL("../python/read_with_peers.py", import.meta.url);
  const readings: PeerReading[] = [];
  await withFolder(async (folder) => {
    const child = new Deno.Command(python, {
      args: [decodeURIComponent(script.pathname), folder],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      // Home is where some of them leave settings and compiled code.
      env: { HOME: folder, OPENBLAS_NUM_THREADS: "1" },
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(requests)));
    await writer.close();
    const { success, stdout, stderr } = await child.output();
    const [out, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    if (!success) throw new Error(`${python} could not read with other programs:\n${said}`);
    for (const [index, answer] of JSON.parse(out).entries()) {
      if (answer.error !== undefined) readings.push(answer);
      else readings.push({ ...answer, ...decodeNpy(await Deno.readFile(`${folder}/${index}.npy`)) });
    }
  });
  return readings;
}

/** The programs that the interpreter lacks; empty where all are there. */
function missingPeers(): Peer[] {
  const code = "import importlib.util, json, sys\n" +
    "print(json.dumps([importlib.util.find_spec(name) is not None for name in sys.argv[1:]]))";
  const peers = Object.keys(peerPackages) as Peer[];
  try {
    const { success, stdout } = new Deno.Command(python, {
      args: ["-c", code, ...Object.values(peerPackages)],
      stderr: "null",
    }).outputSync();
    if (!success) return peers;
    const present: boolean[] = JSON.parse(new TextDecoder().decode(stdout));
    return peers.filter((_, index) => !present[index]);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    return peers;
  }
}

/** Registers a test that needs all three programs; where one is missing it is ignored and says so. */
export function peerTest(name: string, run: (test: Deno.TestContext) => void | Promise<void>): void {
  const missing = missingPeers();
  if (missing.length > 0) {
    console.warn(
      `skipped, ${python} lacks ${missing.join(", ")} (tests/python/requirements.txt, ` +
        `CRYSTALLITE_TEST_PYTHON): ${name}`,
    );
  }
  Deno.test({ name, ignore: missing.length > 0, fn: run });
}

/** Numbers of any type as pixels of one of ours, for comparing values whatever type a program chose. */
export function asPixels(data: ArrayLike<number | bigint>, dtype: DType): PixelArray {
  const pixels = createPixelArray(dtype, data.length);
  for (let i = 0; i < data.length; i++) pixels[i] = Number(data[i]);
  return pixels;
}
