/** Who may use the viewer: the token in the first address becomes a cookie. */

import { timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";

const encoder = new TextEncoder();

/** Milliseconds in which a ticket must be used: a browser may have to start first. */
const ticketLifetime = 60_000;

/** A secret of 256 bits, for addresses and cookies. */
export function newSecret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}

/** Whether two secrets are equal, in a time that says nothing about where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const first = encoder.encode(a), second = encoder.encode(b);
  return first.length === second.length && timingSafeEqual(first, second);
}

/** The sessions of one server. */
export class Sessions {
  readonly #token: string;
  readonly #cookie: string;
  /** Tickets that were not used yet, and when they end. */
  readonly #tickets = new Map<string, number>();

  /** @param port part of the cookie's name: browsers share the cookies of all ports of a machine */
  constructor(token: string, port: number) {
    this.#token = token;
    this.#cookie = `crystallite_${port}`;
  }

  /**
   * A token for one visit within a minute. The address that a browser is started with can be seen by every user of the
   * machine for as long as the browser runs.
   */
  issueTicket(now = Date.now()): string {
    const ticket = newSecret();
    this.#tickets.set(ticket, now + ticketLifetime);
    return ticket;
  }

  /** Whether a token in an address opens a session. A ticket is used up. */
  admits(token: string, now = Date.now()): boolean {
    for (const [ticket, end] of this.#tickets) {
      if (end < now) this.#tickets.delete(ticket);
      else if (sameSecret(token, ticket)) return this.#tickets.delete(ticket);
    }
    return sameSecret(token, this.#token);
  }

  /** Whether a request belongs to a session. */
  includes(headers: Headers): boolean {
    return cookiesOf(headers).some(([name, value]) =>
      name === this.#cookie && sameSecret(value, this.#token)
    );
  }

  /** Header that makes the visitor's session; it ends with the browser. */
  setCookie(): string {
    return `${this.#cookie}=${this.#token}; Path=/; HttpOnly; SameSite=Strict`;
  }
}

function cookiesOf(headers: Headers): (readonly [name: string, value: string])[] {
  return (headers.get("cookie") ?? "").split(";").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  });
}
