/** Names that the library and the server take from the system around them, as the bundle of the threads has them. */

export { crypto } from "./crypto.ts";
export { deno as Deno } from "./deno.ts";
export { ModuleWorker as Worker } from "./threads.ts";
