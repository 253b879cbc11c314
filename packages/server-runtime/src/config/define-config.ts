import { z } from 'zod';
import { logLevels } from '../log.ts';
import { optionsOf, type Option } from './option.ts';

/** What every server understands. Spread it into the server's own schema. */
export const standardOptions = {
  approvals: z.enum(['ask', 'decline']).default('ask').meta({
    description: 'What to do when the person must be asked: ask, or answer no at once',
  }),
  policy: z.string().optional().meta({
    description: 'Policy file that allows and denies without asking',
    placeholder: 'FILE',
  }),
  logLevel: z.enum(logLevels).default('info').meta({
    description: 'What to write to stderr',
    placeholder: 'LEVEL',
  }),
  tools: z.array(z.string().min(1)).optional().meta({
    description: 'Offer only these tools, separated by commas',
    placeholder: 'NAMES',
  }),
  readOnly: z.boolean().default(false).meta({ description: 'Offer only tools that change nothing' }),
  rateLimit: z.number().int().min(0).default(3000).meta({
    description: 'Calls a minute of one tool by one caller; 0 for no limit',
    placeholder: 'CALLS',
  }),
  session: z
    .string()
    .min(1)
    .refine((name) => name !== '*', 'a session cannot be named *, which means every session')
    .optional()
    .meta({
      description: 'Name of the session; grants and state of an earlier session of that name apply',
      placeholder: 'ID',
    }),
  record: z.boolean().default(false).meta({
    description: 'Keep arguments, texts and pictures of calls too, beside the record of what happened',
  }),
  attach: z.boolean().default(false).meta({
    description: 'Be a pipe to the running daemon, instead of a server of its own',
  }),
  config: z.string().optional().meta({
    description: 'JSON file with options by their names in camelCase',
    placeholder: 'FILE',
  }),
  home: z.string().min(1).optional().meta({
    description: "Folder of all state, instead of the platform's",
    flag: false,
  }),
} as const;

/** Reads of any server's options those that all servers have. */
export const standardSchema = z.object(standardOptions);

export type StandardOptions = z.output<typeof standardSchema>;

/** Facts about a server that its schema does not say. */
export interface ConfigAbout {
  /** The bin's name. */
  readonly name: string;
  readonly version: string;
  /** One sentence for the top of `--help`. */
  readonly description: string;
  /** Default `DESKHAND_`. */
  readonly envPrefix?: string;
}

/** A server's options: one schema, from which flags, variables, help and references follow. */
export interface Config<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly schema: S;
  readonly options: readonly Option[];
}

/** Binds a schema to names. A field `logLevel` becomes `--log-level`, `DESKHAND_LOG_LEVEL` and `logLevel` in the file. */
export function defineConfig<S extends z.ZodObject>(schema: S, about: ConfigAbout): Config<S> {
  const { name, version, description, envPrefix = 'DESKHAND_' } = about;
  return { name, version, description, schema, options: optionsOf(schema, envPrefix) };
}

/** JSON Schema of the config file. */
export function configJsonSchema(config: Config): Readonly<Record<string, unknown>> {
  return { ...z.toJSONSchema(config.schema.strict(), { io: 'input' }) };
}
