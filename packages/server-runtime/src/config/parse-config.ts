import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { isRecord } from '../digest.ts';
import { didYouMean } from '../near-names.ts';
import { ConfigError } from './config-error.ts';
import type { Config } from './define-config.ts';
import { readFlags, type CommandLine } from './flags.ts';
import type { Option } from './option.ts';

/** What a cli hands in. */
export interface ConfigSources {
  /** `process.argv.slice(2)` */
  readonly argv: readonly string[];
  /** `process.env` */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Options to serve with, or a text (`--help`, `--version`) to print instead. */
export type ParsedConfig<T> =
  { readonly action: 'run'; readonly options: T } | { readonly action: 'print'; readonly text: string };

interface Given {
  readonly value: unknown;
  /** The flag, the variable or the file that gave it. */
  readonly source: string;
}

/**
 * Reads a server's options once: defaults < file < environment < flags. An empty variable counts as unset.
 *
 * @throws ConfigError naming the flag, variable or file that is wrong.
 */
export async function parseConfig<S extends z.ZodObject>(
  config: Config<S>,
  sources: ConfigSources,
): Promise<ParsedConfig<z.output<S>>> {
  const gathered = await gatherConfig(config, sources);
  if (gathered.action === 'print') return gathered;
  return { action: 'run', options: checkConfig(config.schema, gathered.given) };
}

/** Options as they were given, before any schema has seen them. */
export interface GivenConfig {
  readonly values: ReadonlyMap<string, Given>;
  readonly options: readonly Option[];
  /** What stood on the command line beside the options. */
  readonly args: readonly string[];
  /** Keys of the options that flags gave. */
  readonly byFlag: readonly string[];
}

/** What {@link gatherConfig} found. */
type GatheredConfig =
  | { readonly action: 'run'; readonly given: GivenConfig }
  | { readonly action: 'print'; readonly text: string };

/** Collects what the sources give, for schemas to check one after the other. */
export async function gatherConfig(
  config: Config,
  { argv, env }: ConfigSources,
  line: CommandLine = {},
): Promise<GatheredConfig> {
  const flags = await readFlags(config, argv, line);
  if (flags.kind === 'print') return { action: 'print', text: flags.text };
  const given = new Map<string, Given>();
  for (const option of config.options) {
    const fromEnv = env[option.env];
    if (fromEnv) given.set(option.key, { value: fromText(option, fromEnv), source: option.env });
    const fromFlag = flags.values.get(option.key);
    if (fromFlag !== undefined) {
      given.set(option.key, { value: fromTyped(option, fromFlag), source: option.flag ?? option.key });
    }
  }
  const file = given.get('config');
  const values = file === undefined ? given : new Map([...(await readConfigFile(config, file)), ...given]);
  const { options } = config;
  return { action: 'run', given: { values, options, args: flags.args, byFlag: [...flags.values.keys()] } };
}

/**
 * Options that a program gives, by their names in camelCase; those that are undefined are not given.
 *
 * @throws ConfigError for a name that is no option
 */
export function optionsGiven(config: Config, record: Readonly<Record<string, unknown>>): GivenConfig {
  const values = entriesOf(config, record, 'options').filter(([, { value }]) => value !== undefined);
  return { values: new Map(values), options: config.options, args: [], byFlag: [] };
}

async function readConfigFile(config: Config, { value, source }: Given): Promise<Map<string, Given>> {
  const path = String(value);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new ConfigError(source, `${path} ${problem}: ${String(cause)}`, { cause });
  }
  if (!isRecord(json)) throw new ConfigError(path, 'is not a JSON object');
  return new Map(entriesOf(config, json, path).filter(([key]) => key !== '$schema'));
}

function entriesOf(
  config: Config,
  record: Readonly<Record<string, unknown>>,
  place: string,
): readonly (readonly [string, Given])[] {
  const known = config.options.map((option) => option.key);
  return Object.entries(record).map(([key, value]) => {
    if (key !== '$schema' && !known.includes(key))
      throw new ConfigError(place, `unknown option \`${key}\`.${didYouMean(key, known)}`);
    return [key, { value, source: `${place}, ${key}` }];
  });
}

/**
 * The options of one schema, of all that were given.
 *
 * @throws ConfigError naming the flag, variable or file that is wrong.
 */
export function checkConfig<S extends z.ZodObject>(schema: S, { values, options }: GivenConfig): z.output<S> {
  const own = [...values].filter(([key]) => key in schema.shape);
  const parsed = schema.safeParse(Object.fromEntries(own.map(([key, { value }]) => [key, value])));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = String(issue?.path[0] ?? '');
  const flag = options.find((option) => option.key === key)?.flag ?? key;
  const { value, source } = values.get(key) ?? { value: undefined, source: flag };
  const got = value === undefined ? '' : `; got ${JSON.stringify(value)}`;
  throw new ConfigError(source, `${issue?.message ?? 'wrong'}${got}`, { cause: parsed.error });
}

/** A flag's value: commander leaves booleans and lists as such, everything else as text. */
function fromTyped(option: Option, value: unknown): unknown {
  if (typeof value === 'string') return fromText(option, value);
  return Array.isArray(value) && !option.repeat ? value.flatMap((item) => items(String(item))) : value;
}

/** A variable's value. What cannot be read stays text, so that the schema says what it expected. */
function fromText(option: Option, text: string): unknown {
  switch (option.kind) {
    case 'boolean':
      return switches.get(text.toLowerCase()) ?? text;
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'list':
      return listFrom(option, text);
    case 'string':
      return text;
  }
}

const switches: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

/** A JSON array, or commas; for a repeatable option, whose values may hold commas, one value. */
function listFrom(option: Option, text: string): unknown {
  if (text.startsWith('[')) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return option.repeat ? [text] : items(text);
}

const items = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
