/** A deflated member of a zip file that is unpacked anew as it is read, where no temporary file may be written. */

import type { ByteSource } from "../scan/byte_source.ts";
import { locateMember, type ZipMember } from "./zip.ts";
import { checkedPieces } from "./zip_member.ts";
import { InTurn } from "../scan/in_turn.ts";

/** Bytes for which one may have to wait. */
export interface StreamedBytes extends ByteSource {
  /** Fills `into` from byte `offset` like `readAt`. It goes forwards; to go back is to begin again at the front. */
  readLater(offset: number, into: Uint8Array): Promise<void>;
}

/** Unpacks from front to back; what lies before the bytes wanted is passed over. */
export class MemberStream implements StreamedBytes {
  readonly path: string;
  readonly size: number;
  readonly #zip: ByteSource;
  readonly #member: ZipMember;
  /** The beginning, which is at hand at once. */
  readonly #head: ByteSource;
  #pieces: AsyncGenerator<Uint8Array, void> | undefined;
  #piece: Uint8Array = new Uint8Array();
  /** Where the piece at hand begins. */
  #start = 0;
  /** Readings wait for each other: there is one place in the stream. */
  readonly #turns = new InTurn();
  #closed = false;

  constructor(zip: ByteSource, member: ZipMember, head: ByteSource) {
    this.path = zip.path;
    this.size = member.size;
    this.#zip = zip;
    this.#member = member;
    this.#head = head;
  }

  /** For the header; it lies within the head. */
  readAt(offset: number, into: Uint8Array): void {
    this.#head.readAt(offset, into);
  }

  readLater(offset: number, into: Uint8Array): Promise<void> {
    return this.#turns.run(() => this.#read(offset, into));
  }

  close(): void {
    this.#closed = true;
    this.#turns.run(() => this.#stop());
  }

  async #read(offset: number, into: Uint8Array): Promise<void> {
    if (this.#closed) throw new TypeError(`${this.path} is already closed`);
    if (offset < this.#start || !this.#pieces) await this.#restart();
    let filled = 0;
    try {
      while (filled < into.length) {
        const from = offset + filled - this.#start;
        if (from >= this.#piece.length) {
          await this.#advance();
          continue;
        }
        const part = this.#piece.subarray(from, from + into.length - filled);
        into.set(part, filled);
        filled += part.length;
      }
      // The checksum comes with the end, which no further reading would ask for.
      if (offset + into.length === this.size) await this.#advance();
    } catch (cause) {
      await this.#stop();
      throw cause;
    }
  }

  async #advance(): Promise<void> {
    const { value, done } = await this.#pieces!.next();
    this.#start += this.#piece.length;
    this.#piece = done ? new Uint8Array() : value;
  }

  async #restart(): Promise<void> {
    await this.#stop();
    this.#pieces = checkedPieces(this.#zip, this.#member, locateMember(this.#zip, this.#member));
  }

  async #stop(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = undefined;
    this.#piece = new Uint8Array();
    this.#start = 0;
    await pieces?.return();
  }
}
