/** Every reader, by the names that `deno task fuzz --reader` takes. */

import { arrayReaders } from "./arrays_corpus.ts";
import { recordingReaders } from "./recordings_corpus.ts";
import { resultReaders } from "./results_corpus.ts";
import { hdf5Readers, zarrReaders } from "./stores_corpus.ts";
import type { FuzzedReader } from "./subject.ts";

/** The readers whose files are read on this thread, without a library that could hang. */
export const plainReaders: readonly FuzzedReader[] = [
  ...arrayReaders,
  ...recordingReaders,
  ...zarrReaders,
  ...resultReaders,
];

/** All readers. */
export const readers: readonly FuzzedReader[] = [...plainReaders, ...hdf5Readers];
