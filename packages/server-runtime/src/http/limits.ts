/** What one HTTP door puts up with. */
export interface HttpLimits {
  /** Largest request body. Default 4 MiB. */
  readonly bodyBytes: number;
  /** Time to send the headers of a request. Default 10 s. */
  readonly headersMs: number;
  /** Time to send a whole request. Default 30 s. */
  readonly requestMs: number;
  /** Time that a client may take to read what it was sent. Default 30 s. */
  readonly stallMs: number;
  /** Time between the comments that keep an event stream open. Default 15 s. */
  readonly keepAliveMs: number;
  /** How long a 2025 client whose connection broke has to come back for a running call. Default 10 s. */
  readonly resumeMs: number;
  /** Time for `ready` to find out. Default 5 s. */
  readonly readyMs: number;
  /** Sessions that one token may have at a time. Default 64. */
  readonly sessionsPerToken: number;
}

export const defaultLimits: HttpLimits = {
  bodyBytes: 4 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  stallMs: 30_000,
  keepAliveMs: 15_000,
  resumeMs: 10_000,
  readyMs: 5_000,
  sessionsPerToken: 64,
};
