import { parseOriginPattern } from '@deskhand/grants';
import { ConfigError } from '@deskhand/server-runtime';
import { open } from 'node:fs/promises';
import { z } from 'zod';

/** Something that the agent may use and not see. */
export interface Secret {
  readonly name: string;
  readonly value: string;
  /** Also answers the HTTP authentication of its origins, with this name. */
  readonly username: string | null;
  /** Patterns of where it may be typed; `null` for everywhere. */
  readonly origins: readonly string[] | null;
}

const MAX_BYTES = 1_000_000;
/** Shorter ones would be found, and hidden, in half of all words. */
const SHORTEST = 4;

const name = z.string().regex(/^\w{1,64}$/, 'names are letters, digits and _');
const value = z
  .string()
  .min(SHORTEST)
  .refine((text) => !/\p{Cc}/u.test(text), 'a value is one line without control characters');
const origins = z
  .array(z.string().refine((pattern) => parseOriginPattern(pattern) !== null, 'must be a pattern of origins'))
  .min(1);
const entry = z.union([
  value,
  z
    .strictObject({ value, username: z.string().min(1).optional(), origins: origins.optional() })
    .refine((given) => given.username === undefined || given.origins !== undefined, 'username needs origins'),
]);
const fileSchema = z.record(name, entry);

/**
 * The secrets in a file that only the person can read: JSON, `{"NAME": {"value", "origins", "username"}}`, or lines
 * `NAME=value`.
 *
 * @throws ConfigError
 */
export async function readSecrets(path: string): Promise<readonly Secret[]> {
  const text = await readPrivate(path);
  const given = text.trimStart().startsWith('{') ? parseJson(text, path) : parseLines(text, path);
  const parsed = fileSchema.safeParse(given);
  // the message must not quote what stands in the file
  if (!parsed.success) throw mistake(path, z.prettifyError(parsed.error));
  return Object.entries(parsed.data).map(([key, secret]) =>
    typeof secret === 'string'
      ? { name: key, value: secret, username: null, origins: null }
      : {
          ...{ name: key, value: secret.value },
          username: secret.username ?? null,
          origins: secret.origins ?? null,
        },
  );
}

async function readPrivate(path: string): Promise<string> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new ConfigError('--secrets', `${path} cannot be read: ${String(cause)}`, { cause });
  });
  try {
    const stat = await file.stat();
    const isOthers = process.platform !== 'win32' && (stat.mode & 0o077) !== 0;
    const isForeign = process.geteuid !== undefined && stat.uid !== process.geteuid();
    if (!stat.isFile() || stat.size > MAX_BYTES) throw mistake(path, 'it is no file, or too large');
    if (isForeign) throw mistake(path, 'it belongs to another user');
    if (isOthers) throw mistake(path, `others may read or write it; mend it with: chmod 600 '${path}'`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw mistake(path, 'it begins with { and is no JSON'); // the parser's words would quote it
  }
}

function parseLines(text: string, path: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return Object.fromEntries(
    lines
      .filter(({ line }) => line !== '' && !line.startsWith('#'))
      .map(({ line, number }) => {
        const [, key, quote = '', inner] = /^(?:export\s+)?(\w+)\s*=\s*(["']?)(.*)\2$/.exec(line) ?? [];
        if (key === undefined || inner === undefined) throw mistake(path, `line ${number} is not NAME=value`);
        return [key, quote === '' ? inner.trim() : inner];
      }),
  );
}

const mistake = (path: string, what: string): ConfigError => new ConfigError('--secrets', `${path}: ${what}`);
