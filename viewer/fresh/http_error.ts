/** The error that ends a request with a status. */

/** Thrown by a handler or middleware to answer with a status; 5xx messages are not shown. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message = "", options?: ErrorOptions) {
    super(message, options);
    this.name = "HttpError";
    this.status = status;
  }
}
