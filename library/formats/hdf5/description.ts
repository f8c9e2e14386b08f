/** What a data set says of itself: number type, shape, and where its numbers lie. */

import { expectKnown, expectLayout, type Fields } from "./bytes.ts";
import { type Hdf5Space, type Hdf5Type, parseSpace, parseType } from "./datatype.ts";
import {
  type Hdf5Filter,
  type Layout,
  parseFillValue,
  parseFilters,
  parseLayout,
  parseRawFiles,
  type RawPiece,
} from "./layout_message.ts";
import { type HeaderMessage, messageType, onlyMessage } from "./object_header.ts";
import type { OpenFile } from "./open_files.ts";
import { parseSources, type ViewSource } from "./view_sources.ts";

/** An object of an HDF5 file: a group or a data set. */
export interface Hdf5Object {
  readonly file: OpenFile;
  /** Address of the object header. */
  readonly address: number;
  /** A path to it in its file that has no links on the way. */
  readonly path: string;
}

/** Type and shape of a data set. */
export interface Hdf5Metadata extends Hdf5Type {
  /** Lengths of the axes; `null` for an empty one. */
  readonly shape: readonly number[] | null;
  /** What they may grow to; `null` without limit. */
  readonly maxshape: readonly (number | null)[] | null;
  /** Elements of a chunk along each axis; `null` for what is not in chunks. */
  readonly chunks: readonly number[] | null;
  /** Where a view takes its numbers from. */
  readonly virtual_sources?: readonly ViewSource[];
}

/** A data set. Whatever is asked of it may be damaged: {@link OddLayout}. */
export class Hdf5Dataset implements Hdf5Object {
  readonly file: OpenFile;
  readonly address: number;
  readonly path: string;
  readonly #messages: readonly HeaderMessage[];
  readonly #grown: ((dataset: Hdf5Dataset) => readonly number[]) | undefined;
  #shape: readonly number[] | undefined;
  #metadata: Hdf5Metadata | undefined;
  #layout: Layout | undefined;

  /** @param grown the shape of a view that may grow */
  constructor(
    object: Hdf5Object,
    messages: readonly HeaderMessage[],
    grown?: (dataset: Hdf5Dataset) => readonly number[],
  ) {
    this.#grown = grown;
    this.file = object.file;
    this.address = object.address;
    this.path = object.path;
    this.#messages = messages;
  }

  /** Lengths of the axes; `null` for an empty one. */
  get shape(): readonly number[] | null {
    const { shape, maxshape } = this.space;
    if (shape === null || !maxshape?.includes(null) || this.layout.kind !== "virtual") return shape;
    return this.#shape ??= this.#grown?.(this) ?? shape;
  }

  get metadata(): Hdf5Metadata {
    if (!this.#metadata) {
      const { layout } = this;
      this.#metadata = {
        ...this.type,
        ...this.space,
        shape: this.shape,
        chunks: layout.kind === "chunked" ? layout.chunk : null,
        ...(layout.kind === "virtual" && { virtual_sources: this.sources }),
      };
    }
    return this.#metadata;
  }

  get type(): Hdf5Type {
    return parseType(this.#required(messageType.datatype, "a data set without a type"));
  }

  get layout(): Layout {
    if (!this.#layout) {
      const axes = this.space.shape?.length ?? 0;
      this.#layout = parseLayout(this.#required(messageType.layout, "a data set without a layout"), axes);
      if (this.#layout.kind === "chunked") {
        expectLayout(this.#layout.elementBytes === this.type.size, "a layout of another data set");
      }
    }
    return this.#layout;
  }

  /** The filters that chunks are packed with, in the order of packing. */
  get filters(): readonly Hdf5Filter[] {
    const message = onlyMessage(this.#messages, messageType.filters);
    return message ? parseFilters(message) : [];
  }

  /** The element that stands for what was never written; `undefined` for zero. */
  get fillValue(): Uint8Array | undefined {
    const message = onlyMessage(this.#messages, messageType.fillValue);
    const value = message && parseFillValue(message);
    if (value) {
      expectKnown(value.length === this.type.size, "a fill value of another type");
      if (value.some((byte) => byte !== 0)) return value;
    }
    return undefined;
  }

  /** Files of raw numbers that the data lie in; empty for data that lie in the file. */
  get rawFiles(): readonly RawPiece[] {
    const message = onlyMessage(this.#messages, messageType.externalFiles);
    return message ? parseRawFiles(this.file.bytes, message) : [];
  }

  /** Where a view takes its numbers from; empty for what is no view. */
  get sources(): readonly ViewSource[] {
    return this.layout.kind === "virtual" ? parseSources(this.file.heap, this.layout) : [];
  }

  /** The shape as the file says. */
  get space(): Hdf5Space {
    return parseSpace(this.#required(messageType.dataspace, "a data set without a shape"));
  }

  #required(type: number, otherwise: string): Fields {
    const message = onlyMessage(this.#messages, type);
    expectLayout(message !== undefined, otherwise);
    return message;
  }
}

/** Whether messages are those of a data set. */
export function isDataset(messages: readonly HeaderMessage[]): boolean {
  return messages.some(({ type }) => type === messageType.layout) &&
    messages.some(({ type }) => type === messageType.dataspace);
}
