import type { ListToolsResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { isRecord } from '../digest.ts';
import { listed } from '../reference/listed.ts';
import type { Tool, ToolAnnotations } from '../tool.ts';
import { iconsToMcp } from './content.ts';

type ListedTool = ListToolsResult['tools'][number];

/** A tool as `tools/list` shows it. */
export function listTool(tool: Tool): ListedTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: objectSchema(tool.input.strict(), 'input'),
    ...(tool.output && { outputSchema: orOther(objectSchema(tool.output, 'output')) }),
    ...iconsToMcp(tool.icons),
    annotations: hintsOf(tool.annotations),
  };
}

/** The hints that differ from the protocol's defaults; a tool that changes nothing has no others to give. */
function hintsOf({
  readOnly,
  destructive,
  idempotent,
  openWorld,
}: ToolAnnotations): ListedTool['annotations'] {
  return {
    readOnlyHint: readOnly,
    ...(!readOnly && !destructive && { destructiveHint: false }),
    ...(!readOnly && idempotent && { idempotentHint: true }),
    ...(!openWorld && { openWorldHint: false }),
  };
}

type ObjectSchema = ListedTool['inputSchema'];

function objectSchema(schema: z.ZodObject, io: 'input' | 'output'): ObjectSchema {
  const json: unknown = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { io, override: withoutTheObvious })),
  );
  if (!isRecord(json)) throw new TypeError('a JSON schema is an object');
  delete json.$schema;
  if (isRecord(json.properties)) json.properties = listed(json.properties);
  return { ...json, type: 'object' };
}

const MAX_UINT32 = 2 ** 32 - 1;

/**
 * Leaves out what tells a model nothing, and costs it bytes in every conversation: the bounds of a number's format,
 * that a text is not empty, that names which are not listed are refused. Calls are checked against the schema itself.
 */
function withoutTheObvious({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const { minimum, maximum, minLength, additionalProperties: others } = jsonSchema;
  if (minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (maximum === Number.MAX_SAFE_INTEGER || maximum === MAX_UINT32) delete jsonSchema.maximum;
  if (minLength === 1) delete jsonSchema.minLength;
  const isAny = typeof others === 'object' && Object.keys(others).length === 0;
  if (others === false || isAny) delete jsonSchema.additionalProperties;
}

/**
 * Clients check `structuredContent` of errors against the schema of successes too (MCP 2025 has one schema for
 * both), so the schema allows either, and what is left of a success that was too big.
 */
function orOther({ $defs, ...success }: ObjectSchema): ObjectSchema {
  const error = {
    type: 'object',
    properties: {
      error: {
        type: 'object',
        properties: { code: { type: 'string' }, message: { type: 'string' }, hint: { type: 'string' } },
        required: ['code', 'message'],
      },
    },
    required: ['error'],
  } as const;
  const omitted = { type: 'object', required: ['omitted'] };
  return { type: 'object', ...($defs !== undefined && { $defs }), anyOf: [success, error, omitted] };
}
