import { z } from 'zod';

type Schema = Readonly<Record<string, unknown>>;

/** The arguments of a tool without its words, and the words. */
export interface PlainSchema {
  /** Of an object, as services of models take it: no choice at its top, nothing but structure. */
  readonly schema: Schema;
  /** What is said of each argument, such as `path: where it lies`. */
  readonly words: readonly string[];
}

const MOST_PARTS = 300;
const DEEP = 6;
const LONGEST = 20_000;
const MOST_OPTIONS = 100;
const MOST_WORDS = 300;
/** Services refuse others. */
const NAME = /^[a-zA-Z0-9_.-]{1,64}$/;

const record = z.record(z.string(), z.unknown());
const type = z.enum(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);
const option = z.union([z.string().max(100), z.number(), z.boolean(), z.null()]);
const size = z.int().min(0);

/** What is kept of keywords that hold no schemas, where it has their shape. */
const PLAIN = new Map<string, z.ZodType>([
  ['type', z.union([type, z.array(type).min(1)])],
  ['enum', z.array(option).min(1).max(MOST_OPTIONS)],
  ['const', option],
  ['format', z.string().regex(/^[a-z-]{1,30}$/)],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((key) => [key, z.number()] as const),
  ...['minLength', 'maxLength', 'minItems', 'maxItems'].map((key) => [key, size] as const),
]);
const CHOICES = ['anyOf', 'oneOf', 'allOf'];

/** What others say of the arguments of their tool; what services would refuse is left out, the server has to say it. */
export function plainSchema(inputSchema: Schema): PlainSchema {
  const reading = new Reading(inputSchema);
  const top = Object.entries(reading.part(inputSchema, [])).filter(([key]) => !CHOICES.includes(key));
  const schema = { ...Object.fromEntries(top), type: 'object' };
  const isShort = JSON.stringify(schema).length <= LONGEST;
  return { schema: isShort ? schema : { type: 'object' }, words: reading.words };
}

/** Names of the arguments that lead to a part. */
type Path = readonly string[];

class Reading {
  readonly words: string[] = [];
  readonly #root: Schema;
  #left = MOST_PARTS;

  constructor(root: Schema) {
    this.#root = root;
  }

  part(schema: unknown, path: Path): Schema {
    const read = record.safeParse(schema);
    if (!read.success || path.length > DEEP || this.#left-- <= 0) return {};
    const { $ref: reference, ...own } = read.data;
    const all = reference === undefined ? own : { ...this.#referred(reference), ...own };
    this.#hear(all['description'], path);
    return {
      ...Object.fromEntries(
        Object.entries(all).filter(([key, value]) => PLAIN.get(key)?.safeParse(value).success),
      ),
      ...this.#members(all, path),
      ...this.#items(all['items'], path),
      ...this.#choices(all, path),
    };
  }

  #members({ properties, required, additionalProperties: more }: Schema, path: Path): Schema {
    const named = Object.entries(record.safeParse(properties).data ?? {}).filter(([name]) => NAME.test(name));
    const parts = named.map(([name, member]) => [name, this.part(member, [...path, name])]);
    const needed = z.array(z.string()).safeParse(required).data ?? [];
    const isNamed = (name: string): boolean => named.some(([one]) => one === name);
    return {
      ...(parts.length > 0 && { properties: Object.fromEntries(parts) }),
      ...(needed.some(isNamed) && { required: [...new Set(needed.filter(isNamed))] }),
      ...(typeof more === 'boolean' && { additionalProperties: more }),
      ...(record.safeParse(more).success && { additionalProperties: this.part(more, [...path, '*']) }),
    };
  }

  #items(items: unknown, path: Path): Schema {
    return record.safeParse(items).success ? { items: this.part(items, [...path, '[]']) } : {};
  }

  #choices(all: Schema, path: Path): Schema {
    const held = CHOICES.flatMap((key) => {
      const branches = z.array(record).min(1).safeParse(all[key]);
      return branches.success
        ? [[key, branches.data.map((branch) => this.part(branch, [...path, '|']))] as const]
        : [];
    });
    return Object.fromEntries(held);
  }

  #hear(said: unknown, path: Path): void {
    if (typeof said !== 'string' || said.trim() === '' || path.length === 0) return;
    this.words.push(`${path.join('.')}: ${said.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_WORDS)}`);
  }

  /** Of the same schema, such as `#/$defs/Place`; anything where it leads nowhere. */
  #referred(reference: unknown): Schema {
    if (typeof reference !== 'string' || !reference.startsWith('#/')) return {};
    const steps = reference.slice(2).split('/');
    const found = steps.reduce<unknown>((at, step) => {
      const held = record.safeParse(at).data;
      return held !== undefined && Object.hasOwn(held, step) ? held[step] : undefined;
    }, this.#root);
    return record.safeParse(found).data ?? {};
  }
}
