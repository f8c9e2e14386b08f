/** What a server has open. */

/** What a workspace is given. */
export interface WorkspaceOptions {
  /** Folders whose files may be read, as real paths. */
  readonly roots: readonly string[];
  /** Threads; default: those of the machine, at most 8. */
  readonly workers?: number;
  /** Memory to stay within, in bytes. */
  readonly memory?: number;
}

/** The scans and results that are open, and the run that goes on. */
export class Workspace {
  constructor(readonly options: WorkspaceOptions) {}

  /** Closes everything. */
  close(): void {}
}
