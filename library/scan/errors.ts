/**
 * The tagged errors of crystallite. Every error carries data a program can use (`kind`, `details`) and one plain
 * sentence with a remedy for a person; nothing ever needs to parse a message. Message and remedy name parameters of
 * the library between backticks, alone or with one of their values: `` `memory` ``, `` `average: raw` ``. Whoever
 * offers them under other names, as the command line does, puts those in their place.
 */

/** What an error knows beyond its sentence. Fields that do not apply are left out. */
export interface ErrorDetails {
  /** File the error is about. */
  readonly file?: string;
  /** Data set inside the file. */
  readonly dataset?: string;
  /** Byte offset inside the file. */
  readonly offset?: number;
  /** What was expected. */
  readonly expected?: string;
  /** What was found instead. */
  readonly found?: string;
  /** Parameter of the library that is wrong or would help, as callers write it: `threshold`, `prefilter.radius`. */
  readonly parameter?: string;
  /** How many patterns a file holds that does not say how they form a scan. */
  readonly patterns?: number;
  /** Shapes that so many patterns fill, the most square first. */
  readonly shapes?: readonly { readonly rows: number; readonly columns: number }[];
  /** Names that `dataset` may have in this file. */
  readonly datasets?: readonly string[];
  /** What the user can do about it, as an imperative sentence without a final period. */
  readonly remedy?: string;
}

/** The kinds of error, for `switch` statements and JSON. */
export type ErrorKind =
  | "FileUnavailable"
  | "UnsupportedFormat"
  | "CorruptFile"
  | "ShapeUnknown"
  | "BadParameter"
  | "OutOfResources"
  | "Aborted";

/** An error of ours as plain data, as `--json` prints it and as it crosses from a worker. */
export type PlainError = { kind: ErrorKind; message: string } & ErrorDetails;

/** Texts quote what stands in files, of which a terminal obeys some characters: control and direction of writing. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/**
 * Base of every error that crystallite throws on purpose.
 *
 * @example
 * ```ts
 * import { CrystalliteError, openScan } from "crystallite";
 *
 * try {
 *   await openScan("no such file.h5");
 * } catch (error) {
 *   if (!(error instanceof CrystalliteError)) throw error;
 *   console.assert(error.kind === "FileUnavailable" && error.details.file === "no such file.h5");
 * }
 * ```
 */
export abstract class CrystalliteError extends Error {
  /** Tag of the concrete class. */
  abstract readonly kind: ErrorKind;
  /** Data about the failure. */
  readonly details: ErrorDetails;

  /**
   * Made by the library where it fails.
   *
   * @param message one sentence without a final period; control characters in it and in what was expected, was found and
   * can be done are replaced
   */
  constructor(message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(printable(message), options);
    this.name = new.target.name;
    const { expected, found, remedy, ...others } = details;
    this.details = {
      ...others,
      ...(expected !== undefined && { expected: printable(expected) }),
      ...(found !== undefined && { found: printable(found) }),
      ...(remedy !== undefined && { remedy: printable(remedy) }),
    };
  }

  /** The fields of the error as plain data, as `--json` prints them. */
  toJSON(): PlainError {
    return { kind: this.kind, message: this.message, ...this.details };
  }
}

/** A file or folder is missing, unreadable, unwritable, or already there. */
export class FileUnavailable extends CrystalliteError {
  /** Tag of the class. */
  readonly kind = "FileUnavailable";
}

/** The file is sound, but not of a kind that crystallite reads (format, dtype, axis order, filter, dimensions). */
export class UnsupportedFormat extends CrystalliteError {
  /** Tag of the class. */
  readonly kind = "UnsupportedFormat";
}

/** The file contradicts itself: truncated, damaged, impossible sizes, values that are not finite. */
export class CorruptFile extends CrystalliteError {
  /** Tag of the class. */
  readonly kind = "CorruptFile";
}

/** The file does not say how its frames form a scan; the user must. */
export class ShapeUnknown extends CrystalliteError {
  /** Tag of the class. */
  readonly kind = "ShapeUnknown";
}

/** A parameter is out of range, or does not fit the scan. */
export class BadParameter extends CrystalliteError {
  /** Tag of the class. */
  readonly kind = "BadParameter";
}

/** Memory or disk would not suffice. */
export class OutOfResources extends CrystalliteError {
  /** Tag of the class. */
  readonly kind = "OutOfResources";
}

/** The caller's `AbortSignal` fired. */
export class Aborted extends CrystalliteError {
  /** Tag of the class. */
  readonly kind = "Aborted";

  /** Made where the signal has fired. */
  constructor(message = "the run was cancelled", details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, details, options);
  }
}

/** The error that `toJSON` made plain. */
export function restoreError({ kind, message, ...details }: PlainError): CrystalliteError {
  const classes = {
    FileUnavailable,
    UnsupportedFormat,
    CorruptFile,
    ShapeUnknown,
    BadParameter,
    OutOfResources,
    Aborted,
  };
  return new classes[kind](message, details);
}

/** Throws {@link Aborted} when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Aborted();
}

/**
 * Narrows an unknown failure of the operating system to one of ours, or returns it unchanged.
 *
 * @param cause what was caught
 * @param file the file that was being used
 * @param action what was being done, for the sentence: "read", "write"
 */
export function fromSystemError(cause: unknown, file: string, action: "read" | "write"): unknown {
  if (cause instanceof CrystalliteError) return cause;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const text = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof Deno.errors.NotFound || code === "ENOENT") {
    if (file === "") {
      const remedy = "name a file; a variable of a script may be empty";
      return new FileUnavailable("the name of the file is empty", { file, remedy }, { cause });
    }
    return new FileUnavailable(`${file} does not exist`, { file, remedy: "check the path" }, { cause });
  }
  if (code === "ENOSPC" || /no space left|not enough space|os error 28\b/i.test(text)) {
    return new OutOfResources(`the disk is full while writing ${file}`, {
      file,
      remedy: "free some space or choose another folder",
    }, { cause });
  }
  if (code === "EDQUOT" || /quota exceeded/i.test(text)) {
    return new OutOfResources(`your share of the disk is used up while writing ${file}`, {
      file,
      remedy: "free some space, or ask for more",
    }, { cause });
  }
  if (code === "EFBIG" || /os error 27\b|file too large/i.test(text)) {
    return new OutOfResources(`the system allows no larger file while writing ${file}`, {
      file,
      remedy: "raise the limit that ulimit -f shows",
    }, { cause });
  }
  if (cause instanceof Deno.errors.NotCapable) return notAllowed(cause, file, action);
  if (
    cause instanceof Deno.errors.PermissionDenied || code === "EACCES" || code === "EPERM" || code === "EROFS"
  ) {
    return new FileUnavailable(`no permission to ${action} ${file}`, {
      file,
      remedy: `give yourself ${action} access to it`,
    }, { cause });
  }
  if (code === "EISDIR" || /is a directory/i.test(text)) {
    return new FileUnavailable(`${file} is a folder, not a file`, { file, remedy: "name a file in it" }, {
      cause,
    });
  }
  if (code || cause instanceof Error && /os error/i.test(text)) {
    return new FileUnavailable(`cannot ${action} ${file}: ${text}`, {
      file,
      remedy: "check the disk and the path",
    }, {
      cause,
    });
  }
  return cause;
}

/** Deno itself forbids it, perhaps of another file than the one that was asked for. */
function notAllowed(cause: Error, file: string, action: "read" | "write"): FileUnavailable {
  const [, kind, path] = /Requires (\w+) access to "([^"]+)"/.exec(cause.message) ?? [, action, file];
  return new FileUnavailable(`no permission to ${kind} ${path}`, {
    file,
    remedy: `start the program with --allow-${kind}=${path}`,
  }, { cause });
}
