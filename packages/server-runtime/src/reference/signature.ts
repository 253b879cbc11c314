import { z } from 'zod';
import { isRecord } from '../digest.ts';
import type { Tool } from '../tool.ts';
import { listed } from './listed.ts';

/** One parameter of a tool or field of an object, as a person reads it. */
interface Parameter {
  readonly name: string;
  /** Like `string`, `"a" | "b"`, `[number, number]`, `{ref, value}[]`. */
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

/** "tool takes a (required, string), b (number)." */
export function signature(tool: Tool): string {
  const parameters = parametersOf(tool.input).map(({ name, type, required }) =>
    required ? `${name} (required, ${type})` : `${name} (${type})`,
  );
  return `${tool.name} takes ${parameters.length === 0 ? 'no arguments' : parameters.join(', ')}.`;
}

/** The parameters an object schema asks for, in its order. */
export function parametersOf(schema: z.ZodObject): Parameter[] {
  const json: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  if (!isRecord(json) || !isRecord(json.properties)) return [];
  const required = Array.isArray(json.required) ? json.required : [];
  return Object.entries(listed(json.properties)).map(([name, property]) => ({
    name,
    type: typeText(property),
    required: required.includes(name),
    description: isRecord(property) && typeof property.description === 'string' ? property.description : '',
  }));
}

function typeText(schema: unknown): string {
  if (!isRecord(schema)) return 'any';
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return choices.map(typeText).join(' | ');
  if (Array.isArray(schema.prefixItems)) return `[${schema.prefixItems.map(typeText).join(', ')}]`;
  if (schema.type === 'array') return arrayText(typeText(schema.items));
  if (isRecord(schema.properties)) return `{${Object.keys(schema.properties).join(', ')}}`;
  return typeof schema.type === 'string' ? schema.type : 'any';
}

const arrayText = (item: string): string =>
  item.includes(' ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
