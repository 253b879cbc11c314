import { defineTool, type CallContext, type Tool, type ToolResult } from '@deskhand/server-runtime';
import { z } from 'zod';

/** A tool without arguments, under a name that the suite knows. */
export function fixtureTool(
  name: string,
  description: string,
  run: (call: CallContext) => Promise<ToolResult>,
  more: Partial<Tool> = {},
): Tool {
  return defineTool({
    name,
    title: name,
    description,
    input: z.object({}),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    run: (_input, call) => run(call),
    ...more,
  });
}
