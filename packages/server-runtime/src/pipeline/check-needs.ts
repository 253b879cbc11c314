import { ToolError } from '../tool-error.ts';
import type { ToolCall } from './call.ts';
import type { Layer } from './layer.ts';

/** Refuses a tool that needs what this client cannot do. */
export const checkNeeds: Layer<ToolCall> = async (call, next) => {
  const missing = (call.tool.needs ?? []).filter((need) => !call.channel.can(need));
  if (missing.length === 0) return next(call);
  throw new ToolError('missing_capability', `${call.name} needs a client with ${missing.join(', ')}`, {
    hint: 'Use another tool, or a client that has it.',
    details: { requiredCapabilities: Object.fromEntries(missing.map((need) => [need, {}])) },
  });
};
