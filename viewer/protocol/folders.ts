/** Folders that the server shows. */

/** A folder below a served root; without a path, the list of roots. */
export interface FolderListing {
  /** Absolute path; empty for the list of roots. */
  readonly path: string;
  /** The folder above, if it is served too. */
  readonly parent?: string;
  readonly entries: readonly FolderEntry[];
  /** Whether more entries were left out. */
  readonly truncated: boolean;
}

/** One file or folder; of files only those whose name suggests a scan, and our session files. */
export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: "folder" | "result" | "series" | "scan" | "session";
  readonly bytes?: number;
  /** Sizes, where they can be told without opening it: rows and columns of probes, of patterns. */
  readonly shape?: readonly number[];
  /** Of a result: the name of its scan, where that lies in the same folder. */
  readonly scan?: string;
  /** Milliseconds since 1970. */
  readonly modified?: number;
}
