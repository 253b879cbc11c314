import { ProtocolError, ProtocolErrorCode, type CallToolResult } from '@modelcontextprotocol/server';
import type { ToolError } from '../tool-error.ts';
import type { ToolResult } from '../tool.ts';

/** A tool's result as MCP has it: the text first, then the images. */
export function resultToMcp({ text, images = [], structured }: ToolResult): CallToolResult {
  const pictures = images.map(({ data, mimeType }) => ({
    type: 'image' as const,
    data: typeof data === 'string' ? data : Buffer.from(data).toString('base64'),
    mimeType,
  }));
  return {
    content: [{ type: 'text', text }, ...pictures],
    ...(structured && { structuredContent: { ...structured } }),
  };
}

/** A failure as the model can act on it. A bad `requestState` is the host's fault and answers the host. */
export function errorToMcp(error: ToolError): CallToolResult {
  if (error.code === 'invalid_request_state') {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message, { reason: error.code });
  }
  return {
    isError: true,
    content: [{ type: 'text', text: error.text }],
    structuredContent: { ...error.structured },
  };
}
