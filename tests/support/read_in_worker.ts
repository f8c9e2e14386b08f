/** A worker that opens a scan and answers with its pixels or its failure. */

import { openScan, type OpenScanOptions } from "../../library/formats/open.ts";
import { readAll } from "./reading.ts";

const worker = self as unknown as {
  onmessage: (event: MessageEvent<{ path: string; options: OpenScanOptions }>) => void;
  postMessage(message: unknown): void;
};

worker.onmessage = async ({ data: { path, options } }) => {
  try {
    const scan = await openScan(path, options);
    const pixels = await readAll(scan, 1, true);
    scan.close();
    worker.postMessage({ pixels });
  } catch (cause) {
    worker.postMessage({ failure: String(cause) });
  }
};
