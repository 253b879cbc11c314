import { isUtf8 } from 'node:buffer';
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

/** Reads the text of `grants.json` again and again, and checks only the rows that it has not seen before. */
export class GrantTextReader {
  readonly #path: string;
  #bytes: Buffer | undefined;
  #rows: readonly GrantRow[] = [];
  #known: ReadonlyMap<string, GrantRow> = new Map();

  constructor(path: string) {
    this.#path = path;
  }

  /** The same array as before for the same bytes. @throws GrantsError that names the line to look at */
  read(bytes: Buffer): readonly GrantRow[] {
    if (this.#bytes?.equals(bytes) === true) return this.#rows;
    const known = new Map<string, GrantRow>();
    const rows = this.#grantsIn(bytes).map((verbatim, index) => {
      const text = JSON.stringify(verbatim);
      const row = this.#known.get(text) ?? this.#row(verbatim, { index, bytes });
      known.set(text, row);
      return row;
    });
    this.#bytes = bytes;
    this.#rows = rows;
    this.#known = known;
    return rows;
  }

  /** What the file holds for these rows, remembered so that reading it back costs nothing. */
  written(rows: readonly GrantRow[]): Buffer {
    this.#bytes = Buffer.from(formatGrantText(rows));
    this.#rows = rows;
    return this.#bytes;
  }

  #grantsIn(bytes: Buffer): readonly unknown[] {
    if (!isUtf8(bytes)) throw broken(this.#path, 1, 'the text is not UTF-8');
    const value = parseJson(bytes.toString('utf8'));
    if (value === undefined) throw broken(this.#path, linesOf(bytes).fault ?? 1, NOT_JSON);
    return this.#check(fileSchema, value, { at: [], bytes }).grants;
  }

  #row(verbatim: unknown, { index, bytes }: { index: number; bytes: Buffer }): GrantRow {
    const where = { at: ['grants', index], bytes };
    const { kind } = this.#check(kindSchema, verbatim, where).resource;
    if (!kinds.has(kind)) return { known: false, verbatim };
    return { known: true, grant: this.#check(grantSchema, verbatim, where) };
  }

  #check<T>(schema: z.ZodType<T>, value: unknown, { at, bytes }: Place): T {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = [...at, ...(issue?.path ?? [])];
    const fault = `${where.map(String).join('.')}: ${issue?.message ?? 'malformed'}`;
    throw broken(this.#path, linesOf(bytes).lineOf(where), fault);
  }
}

interface Place {
  readonly at: readonly PropertyKey[];
  readonly bytes: Buffer;
}

const NOT_JSON = 'the JSON ends or breaks off here';

const linesOf = (bytes: Buffer): ReturnType<typeof jsonLines> => jsonLines(bytes.toString('utf8'));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller finds the line
  }
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
