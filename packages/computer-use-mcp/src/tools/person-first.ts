import type { Tool } from '@deskhand/server-runtime';
import type { DesktopSession } from '../session.ts';

/** Read-only tools that can take minutes. */
const LONG: ReadonlySet<string> = new Set(['wait', 'wait_for_change']);

/** A tool whose calls give way to the person at the desktop: whatever acts, waits, or is part of such a call. */
export function personFirst({ takeover }: DesktopSession, tool: Tool): Tool {
  const { annotations, always, name } = tool;
  if (!annotations.readOnly && always !== true) {
    return { ...tool, run: (input, call) => takeover.act(call, (inner) => tool.run(input, inner)) };
  }
  const isLong = LONG.has(name);
  return {
    ...tool,
    run: (input, call) =>
      isLong || takeover.isAtWork
        ? takeover.wait(call, (inner) => tool.run(input, inner))
        : tool.run(input, call),
  };
}
