import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import type { Tool } from '@modelcontextprotocol/client';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { GatewayError } from '../gateway-error.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const fileSchema = z.strictObject({
  v: z.literal(1),
  /** Digests of definitions, by server and by the tool's own name. */
  pins: z.record(z.string(), z.record(z.string(), digest)),
});

type PinsByServer = z.output<typeof fileSchema>['pins'];

/**
 * The definitions of tools of others as they were when they were first seen, or as a person agreed to them later:
 * sha256 of name, description, schema and what they say of their effects, in a file of the state folder.
 */
export class Pins {
  readonly #file: string;
  #pins: PinsByServer;

  /** @throws GatewayError `pins_broken` */
  constructor(file: string) {
    this.#file = file;
    this.#pins = readPins(file);
  }

  isChanged(server: string, tool: Tool): boolean {
    const pinned = pinOf(this.#pins, server, tool.name);
    return pinned !== undefined && pinned !== digestOf(tool);
  }

  /** Pins what is seen for the first time, and returns the names of what is not as it was. */
  meet(server: string, tools: readonly Tool[]): readonly string[] {
    const newcomers = tools.filter(({ name }) => pinOf(this.#pins, server, name) === undefined);
    if (newcomers.length > 0) this.#write(server, newcomers);
    return tools.filter((tool) => this.isChanged(server, tool)).map(({ name }) => name);
  }

  /** A person agreed to the definition as it is now. */
  agree(server: string, tool: Tool): void {
    this.#write(server, [tool]);
  }

  #write(server: string, tools: readonly Tool[]): void {
    // another session may have written meanwhile
    const pins = readPins(this.#file);
    const added = Object.fromEntries(tools.map((tool) => [tool.name, digestOf(tool)]));
    this.#pins = { ...pins, [server]: { ...pins[server], ...added } };
    const text = `${JSON.stringify({ v: 1, pins: this.#pins }, null, 1)}\n`;
    writeFileAtomic.sync(this.#file, text, { mode: 0o600 });
  }
}

/** Servers and tools are called what they like, `constructor` too. */
function pinOf(pins: PinsByServer, server: string, tool: string): string | undefined {
  const known = Object.hasOwn(pins, server) ? pins[server] : undefined;
  return known !== undefined && Object.hasOwn(known, tool) ? known[tool] : undefined;
}

/** Of all that a person agreed to. */
export const digestOf = ({ name, description = '', inputSchema, annotations = {} }: Tool): string =>
  createHash('sha256')
    .update(stable([name, description, inputSchema, annotations]))
    .digest('hex');

/** JSON with sorted keys. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

function readPins(file: string): PinsByServer {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return {};
  try {
    if (!stat.isFile()) throw new Error('it is no plain file');
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).pins;
  } catch (cause) {
    throw new GatewayError(
      'pins_broken',
      `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: `Mend it, or remove it, which agrees to all tools as they are now: rm '${file}'`,
        cause,
      },
    );
  }
}
