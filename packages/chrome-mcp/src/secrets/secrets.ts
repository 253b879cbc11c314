import { decide } from '@deskhand/grants';
import { ToolError, type ToolResult } from '@deskhand/server-runtime';
import { z } from 'zod';
import { base64FormsOf, formsOf } from './forms.ts';
import type { Secret } from './secret-file.ts';

/** How the model names one. */
const NAMED = /\{\{secret:(\w+)\}\}/g;
/** The least of a beginning that is cut off which is hidden. */
const LEAST_CUT = 4;

/** Name and password for an origin that wants them by HTTP. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

interface Form {
  readonly text: string;
  readonly name: string;
}

/** What the model uses by name: put in where it may be, and taken out of whatever is told. */
export class Secrets {
  readonly #secrets: readonly Secret[];
  readonly #anyCase: RegExp | null;
  readonly #exact: RegExp | null;
  readonly #forms: readonly Form[];
  readonly #names = new Map<string, string>();

  constructor(secrets: readonly Secret[]) {
    this.#secrets = secrets;
    const [loose, exact] = [formsOf, base64FormsOf].map((forms) =>
      secrets.flatMap(({ name, value }) => forms(value).map((text) => ({ text, name }))),
    );
    this.#forms = loose ?? [];
    for (const { text, name } of this.#forms) this.#names.set(text.toLowerCase(), name);
    for (const { text, name } of exact ?? []) this.#names.set(text, name);
    this.#anyCase = anyOf(loose ?? [], 'gi');
    this.#exact = inBase64(exact ?? []);
  }

  get names(): readonly string[] {
    return this.#secrets.map(({ name }) => name);
  }

  isNamedIn(text: string): boolean {
    return this.#secrets.length > 0 && text.search(NAMED) !== -1;
  }

  /**
   * The text with the secrets that it names, for a place that shows documents of these origins.
   *
   * @throws ToolError when there is no such secret, or it may not go there
   */
  reveal(text: string, origins: readonly string[]): string {
    if (this.#secrets.length === 0) return text;
    return text.replaceAll(NAMED, (_whole, name: string) => this.#named(name, origins).value);
  }

  /** For the HTTP authentication of an origin. */
  credentials(origin: string): Credentials | null {
    const found = this.#secrets.find((secret) => secret.username !== null && isFor(secret, origin));
    return found?.username == null ? null : { username: found.username, password: found.value };
  }

  /** Patterns of the origins that there are names and passwords for. */
  get authenticated(): readonly string[] {
    return this.#secrets.flatMap(({ username, origins }) => (username === null ? [] : (origins ?? [])));
  }

  /** Without the value of any secret, in whatever form it is written. */
  scrub(text: string): string {
    if (this.#anyCase === null || this.#exact === null) return text;
    const hidden = text
      .replace(this.#anyCase, (found) => this.#label(found.toLowerCase()))
      .replace(this.#exact, (_found, form: string) => this.#label(form));
    return hidden.includes('…') ? this.#withoutBeginnings(hidden) : hidden;
  }

  /** All texts of a value, keys included. */
  scrubAll(value: unknown): unknown {
    if (typeof value === 'string') return this.scrub(value);
    if (Array.isArray(value)) return value.map((item) => this.scrubAll(item));
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.scrub(key), this.scrubAll(item)]),
    );
  }

  scrubResult(result: ToolResult): ToolResult {
    if (this.#secrets.length === 0) return result;
    const { structured, blocks } = result;
    return {
      ...result,
      text: this.scrub(result.text),
      ...(structured !== undefined && { structured: record.parse(this.scrubAll(structured)) }),
      ...(blocks !== undefined && { blocks: asBefore.parse(this.scrubAll(blocks)) }),
    };
  }

  #named(name: string, origins: readonly string[]): Secret {
    const secret = this.#secrets.find((candidate) => candidate.name === name);
    if (secret === undefined) {
      throw new ToolError('unknown_secret', `No secret is called ${name}; nothing was typed`, {
        hint: `There are: ${this.names.join(', ')}. The person gives them in a file, with --secrets.`,
      });
    }
    const wrong = origins.find((origin) => !isFor(secret, origin));
    if (wrong === undefined) return secret;
    throw new ToolError('secret_elsewhere', `${name} is not for ${wrong}; nothing was typed`, {
      hint: `The person gave it for ${secret.origins?.join(', ') ?? 'no place'}, and only they can change that.`,
      details: { origin: wrong },
    });
  }

  #label(form: string): string {
    return `{{secret:${this.#names.get(form) ?? ''}}}`;
  }

  /** Where a text was cut, the beginning of a secret may be left. */
  #withoutBeginnings(text: string): string {
    return text.replaceAll(/[^…\n]+(?=…)/g, (before) => {
      const low = before.toLowerCase();
      for (const { text: form, name } of this.#forms) {
        for (let length = form.length - 1; length >= LEAST_CUT; length -= 1) {
          if (low.endsWith(form.slice(0, length).toLowerCase())) {
            return `${before.slice(0, -length)}{{secret:${name}}}`;
          }
        }
      }
      return before;
    });
  }
}

const record = z.record(z.string(), z.unknown());

/** What was scrubbed has the shape that it had. */
const asBefore = z.custom<NonNullable<ToolResult['blocks']>>();

function isFor({ origins }: Secret, origin: string): boolean {
  if (origins === null) return true;
  const rules = origins.map((pattern) => ({
    resource: { kind: 'origin', pattern } as const,
    decision: 'allow' as const,
  }));
  return decide(rules, { kind: 'origin', origin }).decision === 'allow';
}

function anyOf(forms: readonly Form[], flags: string): RegExp | null {
  if (forms.length === 0) return null;
  const longest = forms.map(({ text }) => text).toSorted((a, b) => b.length - a.length);
  return new RegExp(longest.map(escaped).join('|'), flags);
}

/** With the character before and after, which have some of its bits. */
function inBase64(forms: readonly Form[]): RegExp | null {
  const inner = anyOf(forms, 'g');
  return inner === null ? null : new RegExp(`[\\w+/-]?(${inner.source})[\\w+/-]?={0,2}`, 'g');
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
