/** Codes and what they mean, in the order of the reference. */
export type ErrorCodes = Readonly<Record<string, string>>;

/** The codes that any server can answer with; a server's own codes come on top. */
export const runtimeErrorCodes = {
  unknown_tool: 'No tool has this name; the answer names the tools.',
  invalid_arguments: 'The arguments do not fit the tool; nothing was done, and the answer names what fits.',
  audit_unavailable: 'The record of calls cannot be written, so nothing was done.',
  timeout: 'The tool did not finish in its time and was told to stop; part of it may have happened.',
  cancelled: 'The caller gave the call up, or the connection ended.',
  busy: 'Another call has the turn: two other sessions are at work, or an earlier call was told to stop and has not stopped yet. Nothing was done.',
  rate_limited: 'This tool was called too often; `retryAfter` says in how many seconds to try again.',
  too_many_calls: 'Too many calls are running or waiting in this server; nothing was done.',
  missing_capability: 'The tool needs something that this client cannot do; `requiredCapabilities` names it.',
  unknown_prompt: 'No prompt has this name.',
  unknown_result: 'This part of an earlier answer was never here, or had to make room for newer ones.',
  invalid_request_state: 'An answer came with a state that is forged, expired, used or of another call.',
  internal_error: 'A bug in the server; its log has the stack.',
} as const satisfies ErrorCodes;
