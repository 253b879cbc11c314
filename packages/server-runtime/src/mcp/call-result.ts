import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type ProtocolEra,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ToolError } from '../tool-error.ts';
import type { ToolResult } from '../tool.ts';
import { blockToMcp } from './content.ts';

/** A tool's result as MCP has it: the text first, then the images, then what follows. */
export function resultToMcp({ text, images = [], blocks = [], structured }: ToolResult): CallToolResult {
  const pictures = images.map((image) => blockToMcp({ type: 'image', ...image }));
  return {
    content: [{ type: 'text', text }, ...pictures, ...blocks.map(blockToMcp)],
    ...(structured && { structuredContent: { ...structured } }),
  };
}

/** A failure as the model can act on it. What is the host's fault answers the host. */
export function errorToMcp(error: ToolError, era: ProtocolEra): CallToolResult {
  throwHostError(error, era);
  return {
    isError: true,
    content: [{ type: 'text', text: error.text }],
    structuredContent: { ...error.structured },
  };
}

/** A failure of something that has no `isError`: reading a resource, getting a prompt. */
export function errorToProtocol(error: ToolError, era: ProtocolEra): ProtocolError {
  throwHostError(error, era);
  const code =
    error.code === 'internal_error' ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams;
  return new ProtocolError(code, error.text, error.structured);
}

const missing = z.object({ requiredCapabilities: z.record(z.string(), z.object({})) });

function throwHostError(error: ToolError, era: ProtocolEra): void {
  if (error.code === 'invalid_request_state') {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message, { reason: error.code });
  }
  if (error.code === 'missing_capability' && era === 'modern') {
    throw new MissingRequiredClientCapabilityError(missing.parse(error.details), error.message);
  }
}
