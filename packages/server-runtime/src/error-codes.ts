/** Codes and what they mean, in the order of the reference. */
export type ErrorCodes = Readonly<Record<string, string>>;

/** The codes that any server can answer with; a server's own codes come on top. */
export const runtimeErrorCodes = {
  unknown_tool: 'No tool has this name; the answer names the tools.',
  invalid_arguments: 'The arguments do not fit the tool; nothing was done, and the answer names what fits.',
  audit_unavailable: 'The record of calls cannot be written, so nothing was done.',
  timeout: 'The tool did not finish in its time and was told to stop; part of it may have happened.',
  cancelled: 'The caller gave the call up, or the connection ended.',
  busy: 'An earlier call was told to stop and has not stopped yet; nothing was done.',
  invalid_request_state: 'An answer came with a state that is forged, expired, used or of another call.',
  internal_error: 'A bug in the server; its log has the stack.',
} as const satisfies ErrorCodes;
