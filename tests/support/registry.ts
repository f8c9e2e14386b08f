/** A registry like JSR on this machine: takes what `deno publish` sends, and serves it by http. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** A package that was published here. */
export interface PublishedPackage {
  /** Address of the registry, as `JSR_URL` wants it. */
  readonly registry: string;
  /** Address below which its files are. */
  readonly address: string;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** What `deno publish` said. */
  readonly said: string;
}

/** Publishes the project to a registry that lasts as long as `use`. */
export async function withPublished(use: (published: PublishedPackage) => Promise<void>): Promise<void> {
  const { name, version } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => answer(request, `/${name}`, version, files),
  );
  const registry = `http://127.0.0.1:${server.addr.port}/`;
  try {
    // Types are another gate, which takes half a minute.
    const flags = ["--token", "none", "--allow-dirty", "--no-check", "--no-provenance"];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["publish", ...flags],
      cwd: fileURLToPath(root),
      env: { JSR_URL: registry, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.ok(success && files.size > 0, said);
    await use({ registry, address: `${registry}${name}/${version}`, files, said });
  } finally {
    await server.shutdown();
  }
}

async function answer(
  request: Request,
  name: string,
  version: string,
  files: Map<string, Uint8Array<ArrayBuffer>>,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method === "POST") {
    const packed = request.body!.pipeThrough(new DecompressionStream("gzip"));
    unpackTar(new Uint8Array(await new Response(packed).arrayBuffer()), files);
    return Response.json({ id: "1", status: "success", error: null });
  }
  if (/^\/api\/.*\/versions\//.test(pathname)) return new Response("{}", { status: 404 });
  if (pathname.startsWith("/api/")) return Response.json({});
  if (pathname === `${name}/meta.json`) return Response.json({ versions: { [version]: {} } });
  if (pathname === `${name}/${version}_meta.json` && files.size > 0) {
    return Response.json(await describe(files));
  }
  const file = files.get(decodeURIComponent(pathname.slice(`${name}/${version}`.length)));
  if (!file) return new Response(null, { status: 404 });
  return new Response(file, { headers: { "content-type": contentType(pathname) } });
}

/** What a registry says of a version: exports, and size and digest of every file. */
async function describe(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [name, bytes] of files) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const checksum = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    manifest[name] = { size: bytes.length, checksum: `sha256-${checksum}` };
  }
  return { manifest, exports: JSON.parse(new TextDecoder().decode(files.get("/deno.json"))).exports };
}

function contentType(path: string): string {
  if (path.endsWith(".tsx")) return "text/tsx";
  if (path.endsWith(".ts")) return "text/typescript";
  if (path.endsWith(".js")) return "text/javascript";
  return path.endsWith(".json") ? "application/json" : "application/octet-stream";
}

/** Files of a tar archive: a header of 512 bytes, then the content, filled up to a multiple of that. */
function unpackTar(archive: Uint8Array, files: Map<string, Uint8Array<ArrayBuffer>>): void {
  const text = (at: number, length: number) =>
    new TextDecoder().decode(archive.subarray(at, at + length)).replace(/\0[^]*$/, "");
  for (let at = 0; at + 512 <= archive.length;) {
    const name = text(at, 100), before = text(at + 345, 155), size = parseInt(text(at + 124, 12), 8);
    if (name === "") break;
    const path = (before === "" ? name : `${before}/${name}`).replace(/^\.?\//, "");
    files.set(`/${path}`, archive.slice(at + 512, at + 512 + size));
    at += 512 + 512 * Math.ceil(size / 512);
  }
}
