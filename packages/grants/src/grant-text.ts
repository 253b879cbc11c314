import { z } from 'zod';
import { grantSchema, type Grant } from './grant.ts';
import { GrantsError } from './grants-error.ts';
import { jsonLines } from './json-lines.ts';
import { RESOURCE_KINDS } from './resource.ts';

/** A grant as it stands in the file, or a row about a kind of resource that this version does not know. */
export type GrantRow =
  { readonly known: true; readonly grant: Grant } | { readonly known: false; readonly verbatim: unknown };

const FILE_VERSION = 1;
const fileSchema = z.strictObject({ version: z.literal(FILE_VERSION), grants: z.array(z.unknown()) });
const kindSchema = z.object({ resource: z.object({ kind: z.string() }) });
const kinds: ReadonlySet<string> = new Set(RESOURCE_KINDS);

/** @throws GrantsError that names the line of `path` to look at */
export function parseGrantText(path: string, text: string): readonly GrantRow[] {
  const lines = jsonLines(text);
  if (lines.fault !== undefined) throw broken(path, lines.fault, 'the JSON ends or breaks off here');
  const check = <T>(schema: z.ZodType<T>, value: unknown, at: readonly PropertyKey[]): T => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = [...at, ...(issue?.path ?? [])];
    throw broken(
      path,
      lines.lineOf(where),
      `${where.map(String).join('.')}: ${issue?.message ?? 'malformed'}`,
    );
  };
  return check(fileSchema, JSON.parse(text), []).grants.map((verbatim, index): GrantRow => {
    const { kind } = check(kindSchema, verbatim, ['grants', index]).resource;
    if (!kinds.has(kind)) return { known: false, verbatim };
    return { known: true, grant: check(grantSchema, verbatim, ['grants', index]) };
  });
}

/** The text of the file: pretty, so that a person can read and mend it. */
export function formatGrantText(rows: readonly GrantRow[]): string {
  const grants = rows.map((row) => (row.known ? row.grant : row.verbatim));
  return `${JSON.stringify({ version: FILE_VERSION, grants }, null, 2)}\n`;
}

const broken = (path: string, line: number, fault: string): GrantsError =>
  new GrantsError('grants_file_broken', `${path} line ${line}: ${fault}`, {
    hint: `Everything is denied until a person mends line ${line} of ${path}, or moves the file away, which drops all approvals in it.`,
  });
