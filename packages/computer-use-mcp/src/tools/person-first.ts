import type { CallContext, Tool, ToolResult } from '@deskhand/server-runtime';
import type { DesktopSession } from '../session.ts';

/** Read-only tools that can take minutes. */
const LONG: ReadonlySet<string> = new Set(['wait', 'wait_for_change']);
/** Tools that neither look at the screen nor act on it. */
const BLIND: ReadonlySet<string> = new Set(['wait', 'list_granted_applications']);

/**
 * A tool whose calls give way to the person at the desktop: none sees a locked screen, and whatever acts, waits, or is
 * part of such a call, can be stopped.
 */
export function personFirst({ takeover, screenWatch }: DesktopSession, tool: Tool): Tool {
  const { annotations, always = false, name } = tool;
  if (always) return tool;
  const acts = !annotations.readOnly;
  const inner = (input: Parameters<Tool['run']>[0], call: CallContext): Promise<ToolResult> => {
    const work = (own: CallContext): Promise<ToolResult> => tool.run(input, own);
    if (acts) return takeover.act(call, work);
    return LONG.has(name) || takeover.isAtWork ? takeover.wait(call, work) : work(call);
  };
  return {
    ...tool,
    run: async (input, call) => {
      if (!BLIND.has(name)) await screenWatch.refuse({ acts });
      return inner(input, call);
    },
  };
}
