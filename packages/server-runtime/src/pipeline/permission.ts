import { ToolError } from '../tool-error.ts';
import type { Tool } from '../tool.ts';
import type { ToolCall } from './call.ts';
import type { Layer } from './layer.ts';

/** Whether a call may run; a refusal says why and what would work. */
export type PermissionDecision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
      /** Fields for the top level of `structuredContent`. */
      readonly details?: Readonly<Record<string, unknown>>;
    };

/** What a permission is asked about. `input` fits the tool's schema. */
export interface PermissionRequest {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly session: string;
  readonly signal: AbortSignal;
}

/** Decides about each call, on the session's turn, right before the tool runs. */
export type Permission = (request: PermissionRequest) => PermissionDecision | Promise<PermissionDecision>;

/** Refuses what the server's permission does not allow. */
export function checkPermission(permission: Permission): Layer<ToolCall> {
  return async (call, next) => {
    const { tool, input, session, signal } = call;
    const decision = await permission({ tool, input, session, signal });
    if (decision.allowed) return next(call);
    const { code, message, ...options } = decision;
    throw new ToolError(code, message, options);
  };
}
