import type { z } from 'zod';
import { isRecord } from '../digest.ts';
import { didYouMean } from '../near-names.ts';
import { signature } from '../reference/signature.ts';
import { ToolError } from '../tool-error.ts';
import type { Tool } from '../tool.ts';
import type { ToolCall } from './call.ts';

/** How many objects and lists of arguments may be inside each other. */
export const deepestArguments = 100;

/** What brings a tool that is not there, in a sentence; undefined for a name that none has. */
export type Absent = (name: string) => string | undefined;

interface Offered {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly absent: Absent;
}

/** Finds the tool and checks the arguments; what is unknown or does not fit is refused with what would fit. */
export function checkArguments(
  { tools, absent }: Offered,
  { name, args }: Pick<ToolCall, 'name' | 'args'>,
): Pick<ToolCall, 'tool' | 'input'> {
  const tool = tools.get(name);
  if (tool === undefined) throw unknownTool(name.slice(0, 200), { known: [...tools.keys()], absent });
  return { tool, input: parseArguments(tool, args) };
}

function unknownTool(
  name: string,
  { known, absent }: { readonly known: readonly string[]; readonly absent: Absent },
): ToolError {
  const brings = absent(name);
  if (brings !== undefined)
    return new ToolError('unknown_tool', `There is no tool \`${name}\` now`, { hint: brings });
  return new ToolError('unknown_tool', `There is no tool \`${name}\`.${didYouMean(name, known)}`, {
    hint: `The tools are: ${known.join(', ')}.`,
  });
}

function parseArguments(tool: Tool, args: unknown): Record<string, unknown> {
  if (!isRecord(args)) {
    throw misfit(tool, [`The arguments must be an object, at most ${deepestArguments} levels deep.`]);
  }
  const known = Object.keys(tool.input.shape);
  const unknown = Object.keys(args).filter((key) => !known.includes(key));
  const parsed = tool.input.safeParse(args);
  const problems = parsed.success
    ? dropped(args, parsed.data)
        .filter((path) => !unknown.includes(path))
        .map((path) => `Unknown argument \`${path}\`.`)
    : parsed.error.issues.filter(isMisfit).map((issue) => describe(issue, args));
  const unknowns = unknown.map((key) => `Unknown argument \`${key}\`.${didYouMean(key, known)}`);
  if (!parsed.success || unknowns.length + problems.length > 0)
    throw misfit(tool, [...unknowns, ...problems]);
  return parsed.data;
}

function misfit(tool: Tool, problems: readonly string[]): ToolError {
  return new ToolError('invalid_arguments', problems.join(' '), { hint: signature(tool) });
}

/** Unknown keys of the top level are reported once, by name, whatever the schema says of them. */
const isMisfit = (issue: z.core.$ZodIssue): boolean =>
  issue.code !== 'unrecognized_keys' || issue.path.length > 0;

function describe(issue: z.core.$ZodIssue, args: unknown): string {
  const path = issue.path.map(String).join('.');
  const missing = issue.code === 'invalid_type' && valueAt(args, issue.path) === undefined;
  if (missing) return `\`${path}\` is missing.`;
  return path === '' ? `${issue.message}.` : `\`${path}\`: ${issue.message}.`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => members(inner).get(String(key)), value);
}

/** Paths of what was sent and is not in what was understood, at any depth: zod drops such keys silently. */
function dropped(sent: unknown, understood: unknown, prefix = ''): string[] {
  const kept = members(understood);
  if (kept.size === 0 && !isRecord(understood) && !Array.isArray(understood)) return [];
  return [...members(sent)].flatMap(([key, value]) =>
    kept.has(key) ? dropped(value, kept.get(key), `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

function members(value: unknown): Map<string, unknown> {
  if (!isRecord(value) && !Array.isArray(value)) return new Map();
  return new Map(Object.entries(value));
}
