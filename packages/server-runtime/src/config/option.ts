import { z } from 'zod';

/** One option of a server, as the command line, the environment and the file know it. */
export interface Option {
  /** Its name in the file and in the parsed value, camelCase. */
  readonly key: string;
  /** `--log-level`; undefined for an option that only the environment and the file can set. */
  readonly flag: string | undefined;
  /** `-f, ` when there is a short flag, else empty. */
  readonly short: string;
  /** `DESKHAND_LOG_LEVEL`; empty for an option of a command, which only a flag sets. */
  readonly env: string;
  readonly kind: 'boolean' | 'number' | 'string' | 'list';
  /** Lists: each flag adds one value, and commas are part of values. */
  readonly repeat: boolean;
  readonly choices: readonly string[];
  /** What stands for the value in help, like `FILE`. */
  readonly placeholder: string;
  readonly description: string;
  readonly default: unknown;
}

/**
 * How a field of a config schema says more than its type, in zod's `.meta()`: `description`, `placeholder`,
 * `flag: false` (no flag), `short: 'f'`, `repeat: true` (one value for each flag, instead of commas).
 */
const optionMeta = z.object({
  description: z.string().default(''),
  placeholder: z.string().optional(),
  flag: z.literal(false).optional(),
  short: z.string().length(1).optional(),
  repeat: z.boolean().default(false),
});

/** The options that the fields of `schema` make; without a prefix they have no variables. */
export function optionsOf(schema: z.ZodObject, envPrefix?: string): Option[] {
  const fields: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  return Object.entries(fields).map(([key, field]) => optionOf(key, field, envPrefix));
}

/** The default as a person reads it; empty when there is none. */
export function defaultText({ default: fallback }: Option): string {
  if (fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)) return '';
  return typeof fallback === 'string' ? fallback : JSON.stringify(fallback);
}

function optionOf(key: string, field: z.core.$ZodType, envPrefix: string | undefined): Option {
  const { base, fallback, meta } = unwrap(field);
  const { description, placeholder, flag, short, repeat } = optionMeta.parse(meta);
  const words = key.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2');
  const kind = kindOf(base);
  const choices = choicesOf(base);
  return {
    key,
    flag: flag === false ? undefined : `--${words.toLowerCase()}`,
    short: short === undefined ? '' : `-${short}, `,
    env: envPrefix === undefined ? '' : envPrefix + words.replaceAll('-', '_').toUpperCase(),
    kind,
    repeat,
    choices,
    placeholder: placeholder ?? (choices.length > 0 ? choices.join('|') : key.toUpperCase()),
    description,
    default: fallback,
  };
}

interface Unwrapped {
  readonly base: z.core.$ZodType;
  readonly fallback: unknown;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** The innermost schema that reads the input, with what the wrappers around it say; outer words win. */
function unwrap(schema: z.core.$ZodType): Unwrapped {
  const own = z.globalRegistry.get(schema) ?? {};
  const inner = innerOf(schema);
  if (inner === undefined) return { base: schema, fallback: undefined, meta: own };
  const { base, fallback, meta } = unwrap(inner);
  const outerDefault: unknown = schema instanceof z.ZodDefault ? schema.def.defaultValue : fallback;
  return { base, fallback: outerDefault, meta: { ...meta, ...own } };
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return schema.def.innerType;
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly) return schema.def.innerType;
  if (schema instanceof z.ZodPipe) return schema.def.in;
  return undefined;
}

function kindOf(base: z.core.$ZodType): Option['kind'] {
  if (base instanceof z.ZodBoolean) return 'boolean';
  if (base instanceof z.ZodNumber) return 'number';
  return base instanceof z.ZodArray ? 'list' : 'string';
}

function choicesOf(base: z.core.$ZodType): string[] {
  if (base instanceof z.ZodEnum) return base.options.map(String);
  return base instanceof z.ZodArray ? choicesOf(base.def.element) : [];
}
