/** Why a request is answered without reaching a session. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** The code of the JSON-RPC error in the body. */
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    { code = -32_000, headers = {} }: { code?: number; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  /** As JSON-RPC has it; nothing is said of the request, whose id may not even have been read. */
  toResponse(): Response {
    const { status, code, message, headers } = this;
    return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
  }
}

/** The same for a session that never was and for one of another token. */
export const sessionNotFound = (): Refusal =>
  new Refusal(404, 'Session not found. Send initialize to start a new one', { code: -32_001 });
