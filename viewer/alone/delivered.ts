/** What the page is delivered with, in elements of its own: a page that is a file can load no other files. */

/** Where the library looks for its kernels: beside the sources, whose addresses begin at the root of the page's files. */
export const kernelsPath = "/build/kernels.wasm.bin";

/** What tasks/shipping/page.ts puts into the page, by the ids of the elements. */
export type DeliveredName = "threads" | "labelling" | "kernels";

function textOf(name: DeliveredName): string {
  return document.getElementById(name)!.textContent!;
}

/** A script for workers. */
export function deliveredScript(name: DeliveredName): Blob {
  return new Blob([textOf(name)], { type: "text/javascript" });
}

/** Bytes, which stand in the page as base64. */
export function deliveredBytes(name: DeliveredName): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(textOf(name)), (character) => character.charCodeAt(0));
}
