import { parseArgs } from 'node:util';
import { didYouMean } from '../near-names.ts';
import { CliError } from './cli-error.ts';
import type { ListedTool } from './tool-door.ts';

type Property = ListedTool['inputSchema']['properties'][string];

/**
 * The arguments for a tool from a command line: one JSON object, or flags named like the tool's parameters, in the
 * tool's own spelling or with hyphens. The tool checks them; here they only get their types.
 */
export function toolArguments(tool: ListedTool, argv: readonly string[]): Record<string, unknown> {
  const [first, ...more] = argv;
  if (first === undefined) return {};
  if (!first.startsWith('-')) {
    if (more.length > 0) throw new CliError(`after the JSON there is more: ${more.join(' ')}`);
    return jsonObject(first);
  }
  const { properties } = tool.inputSchema;
  const flags = new Map(
    Object.keys(properties).flatMap((key) => [[key, key] as const, [hyphened(key), key] as const]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: optionsOf(properties),
  });
  const given: Record<string, unknown> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') {
      throw new CliError(`${tool.name}: unexpected ${token.kind === 'positional' ? token.value : '--'}`);
    }
    const isOff = token.name.startsWith('no-') && !flags.has(token.name);
    const name = isOff ? token.name.slice(3) : token.name;
    const key = flags.get(name);
    if (key === undefined) throw unknownFlag(tool, name);
    const property = properties[key] ?? {};
    given[key] = isOff ? false : joined(given[key], valueOf(property, token.value, `--${name}`), token.value);
  }
  return given;
}

function optionsOf(properties: ListedTool['inputSchema']['properties']) {
  const entries = Object.entries(properties).flatMap(([key, property]) => {
    const type = kindOf(property) === 'boolean' ? ('boolean' as const) : ('string' as const);
    return [[key, { type }] as const, [hyphened(key), { type }] as const];
  });
  return Object.fromEntries(entries);
}

/** A list given by several flags grows; anything else is replaced. */
function joined(before: unknown, value: unknown, text: string | undefined): unknown {
  if (!isList(before) || !isList(value) || text?.startsWith('[') === true) return value;
  return [...before, ...value];
}

function valueOf(property: Property, text: string | undefined, flag: string): unknown {
  const kind = kindOf(property);
  if (text === undefined) {
    if (kind === 'boolean') return true;
    throw new CliError(`${flag} needs a value`);
  }
  switch (kind) {
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new CliError(`${flag}: expected true or false, got ${text}`);
    case 'number':
      return numberOf(text, flag);
    case 'array':
      return listOf(property, text, flag);
    case 'object':
      return jsonValue(text, flag);
    case 'string':
      return text;
  }
}

function listOf(property: Property, text: string, flag: string): unknown {
  if (text.startsWith('[')) return jsonValue(text, flag);
  const items = property['items'];
  const element = isProperty(items) ? items : {};
  return text.split(',').map((item) => valueOf(element, item.trim(), flag));
}

function numberOf(text: string, flag: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new CliError(`${flag}: expected a number, got ${text}`);
  return value;
}

function jsonObject(text: string): Record<string, unknown> {
  const value = jsonValue(text, 'the arguments');
  if (isProperty(value) && !Array.isArray(value)) return { ...value };
  throw new CliError('the arguments: expected a JSON object', { hint: `Such as '{"name": "value"}'` });
}

function jsonValue(text: string, flag: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CliError(`${flag}: expected JSON, got ${text}`, { cause });
  }
}

const isProperty = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const kinds = ['boolean', 'array', 'object', 'string'] as const;

/** What a JSON schema takes; the first of several, because a flag has one type. */
function kindOf(property: Property): (typeof kinds)[number] | 'number' {
  const { type, anyOf } = property;
  if (type === 'number' || type === 'integer') return 'number';
  const found = kinds.find((kind) => kind === type);
  if (found !== undefined) return found;
  const first: unknown = Array.isArray(anyOf) ? anyOf[0] : undefined;
  return isProperty(first) ? kindOf(first) : 'string';
}

const hyphened = (key: string): string =>
  key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();

function unknownFlag({ name, inputSchema }: ListedTool, flag: string): CliError {
  const known = Object.keys(inputSchema.properties).map(hyphened);
  const takes = known.length === 0 ? 'nothing' : known.map((each) => `--${each}`).join(', ');
  return new CliError(`${name} has no --${flag}.${didYouMean(flag, known)}`, {
    hint: `It takes: ${takes}. Options of the server stand before the tool.`,
  });
}
