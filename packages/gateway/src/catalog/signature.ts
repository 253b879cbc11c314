import { z } from 'zod';

const part = z.looseObject({
  type: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  enum: z.array(z.unknown()).optional().catch(undefined),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional().catch(undefined),
  required: z.array(z.string()).optional().catch(undefined),
});

const MOST_OPTIONS = 8;
const DEEP = 3;

/** The arguments of a tool in a line, such as `(path: string, lines?: number, mode?: "r"|"w")`. */
export const signatureOf = (inputSchema: unknown): string => `(${membersOf(inputSchema, DEEP)})`;

function membersOf(schema: unknown, depth: number): string {
  const read = part.safeParse(schema);
  const { properties = {}, required = [] } = read.success ? read.data : {};
  return Object.entries(properties)
    .map(([name, member]) => `${plain(name)}${required.includes(name) ? '' : '?'}: ${typeOf(member, depth)}`)
    .join(', ');
}

function typeOf(schema: unknown, depth: number): string {
  const read = part.safeParse(schema);
  if (!read.success) return 'any';
  const { type, enum: options, items, properties } = read.data;
  if (options !== undefined) {
    const shown = options.slice(0, MOST_OPTIONS).map((option) => plain(JSON.stringify(option)));
    return [...shown, ...(options.length > MOST_OPTIONS ? ['…'] : [])].join('|');
  }
  if (Array.isArray(type)) return type.map(plain).join('|');
  if (type === 'array') return `${depth > 0 ? typeOf(items ?? {}, depth - 1) : 'any'}[]`;
  if (properties !== undefined) return depth > 0 ? `{${membersOf(schema, depth - 1)}}` : 'object';
  return type === undefined ? 'any' : plain(type);
}

/** A name of somebody else's schema is no place for sentences. */
const plain = (text: string): string => text.replaceAll(/[^\w"$.:/-]/g, '_').slice(0, 60);
