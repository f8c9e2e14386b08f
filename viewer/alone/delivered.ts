/** What the page is delivered with, in elements of its own: a page that is a file can load no other files. */

import { unshuffleBytes } from "../../library/formats/unshuffle.ts";
import type { PackedFile, PackedResult } from "../../library/results/page_pack.ts";
import { pickedFolder, type SentFile } from "./platform/files.ts";

/** Where the library looks for its kernels: beside the sources, whose addresses begin at the root of the page's files. */
export const kernelsPath = "/build/kernels.wasm.bin";

/** What tasks/shipping/page.ts and library/results/result_page.ts put into the page, by the ids of the elements. */
export type DeliveredName = "threads" | "labelling" | "kernels" | "result";

function textOf(name: DeliveredName): string {
  return document.getElementById(name)!.textContent!;
}

/** A script for workers. */
export function deliveredScript(name: DeliveredName): Blob {
  return new Blob([textOf(name)], { type: "text/javascript" });
}

/** Bytes, which stand in the page as base64. */
export function deliveredBytes(name: DeliveredName): Uint8Array<ArrayBuffer> {
  return bytesOf(textOf(name));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const letters = atob(base64), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/** Whether there is a result in the page. */
export function isResultDelivered(): boolean {
  return document.getElementById("result" satisfies DeliveredName) !== null;
}

/** A result that came with the page: its files, and the folder that they lie in. */
export interface DeliveredResult {
  readonly folder: string;
  readonly files: readonly SentFile[];
}

/** Unpacks the result in the page. What is damaged is refused by whoever reads the files, or here. */
export async function deliveredResult(): Promise<DeliveredResult> {
  const { name, files }: PackedResult = JSON.parse(textOf("result"));
  const folder = `${pickedFolder}/${name}`;
  return { folder, files: await Promise.all(files.map((file) => unpack(folder, file))) };
}

async function unpack(folder: string, { name, width, content }: PackedFile): Promise<SentFile> {
  const packed = new Blob([bytesOf(content)]).stream();
  const plain = new Response(packed.pipeThrough(new DecompressionStream("deflate")));
  const bytes = new Uint8Array(await plain.arrayBuffer()), ordered = new Uint8Array(bytes.length);
  unshuffleBytes(bytes, ordered, width);
  return { path: `${folder}/${name}`, content: new Blob([ordered]), changed: 0 };
}
