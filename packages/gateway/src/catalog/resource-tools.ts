import type { Tool } from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { GatewayTool } from '../gateway.ts';
import type { ResourceList } from '../servers/resources.ts';
import type { SupervisedServer } from '../servers/supervised-server.ts';
import type { KnownTool } from './known-tool.ts';

const PAGE = 100;
const MOST_DESCRIPTION = 200;

const string = { type: 'string' } as const;

interface ResourceTool extends GatewayTool {
  readonly name: 'list_resources' | 'read_resource';
}

/** Through these a model reads what servers offer besides tools. */
export const RESOURCE_TOOLS: readonly ResourceTool[] = [
  {
    name: 'list_resources',
    description:
      'Lists what a connected server offers to be read, by URI. Without a server, names those that offer something.',
    inputSchema: {
      type: 'object',
      properties: { server: string, offset: { type: 'integer', minimum: 0 } },
      additionalProperties: false,
    },
    isReadOnly: true,
  },
  {
    name: 'read_resource',
    description:
      'Reads a resource of a connected server. You are told if it changes later, where the server tells.',
    inputSchema: {
      type: 'object',
      properties: { server: string, uri: string },
      required: ['server', 'uri'],
      additionalProperties: false,
    },
    isReadOnly: true,
  },
];

export const listInput = z.strictObject({ server: z.string().optional(), offset: z.int().min(0).default(0) });
export const readInput = z.strictObject({ server: z.string(), uri: z.string().min(1) });

const addressed = z.looseObject({ server: z.string() });

/** The reading of a resource as a tool of the server that it names, so that it takes the steps of any other call. */
export function resourceTool(
  { name, input }: { readonly name: string; readonly input: unknown },
  servers: readonly SupervisedServer[],
): KnownTool | undefined {
  const about = RESOURCE_TOOLS.find((tool) => tool.name === name);
  const to = addressed.safeParse(input);
  const server = to.success ? servers.find((one) => one.about.name === to.data.server) : undefined;
  if (about === undefined || server === undefined) return undefined;
  const tool: Tool = {
    name: about.name === 'list_resources' ? 'resources/list' : 'resources/read',
    inputSchema: { ...about.inputSchema, type: 'object' },
    annotations: { readOnlyHint: true },
  };
  return { name: about.name, server, tool, isSuspended: false, kind: about.name };
}

/** A page of a list. */
export function resourcesText({ resources, templates }: ResourceList, offset: number): string {
  const lines = [
    ...resources.map(({ uri, name, title, description = '', mimeType = '' }) =>
      [uri, title ?? name, mimeType, short(description)].filter(Boolean).join(' · '),
    ),
    ...templates.map(({ uri, name, description = '' }) =>
      [`${uri} (fill in the {parts})`, name, short(description)].filter(Boolean).join(' · '),
    ),
  ].map((line) => line.replaceAll('\n', ' '));
  if (lines.length === 0) return 'It offers nothing to read now.';
  const end = offset + PAGE;
  const more = end < lines.length ? [`[${lines.length} in all; go on with offset ${end}]`] : [];
  return [...lines.slice(offset, end), ...more].join('\n');
}

const short = (text: string): string =>
  text.length > MOST_DESCRIPTION ? `${text.slice(0, MOST_DESCRIPTION)}…` : text;
