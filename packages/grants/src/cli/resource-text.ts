import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { resourceSchema, type Resource } from '../resource.ts';
import { expandHome } from './expand-home.ts';
import { Refusal, UsageError, type CliContext } from './outcome.ts';
import { findProgram } from './program-file.ts';

/** A resource as a person wrote it. `executable` is the file behind an application that has one. */
export interface NamedResource {
  readonly resource: Resource;
  readonly executable?: string;
}

export const RESOURCE_HELP = `
Resources:
  firefox, /opt/app/bin/app      an application, by command or path; app: may stand before it
  flatpak:org.example.App        an application from Flatpak; snap:NAME one from Snap
  folder:/srv/data[:ro|:rw]      a folder and all below it, to read (the default) or also to write
  deletion:/srv/data/cache       what no checkpoint holds there, and below, may be deleted
  "command:npm run *"            a command; a last * stands for any further words
  https://*.example.com          an origin, with all hosts below it; origin: may stand before it
  port:5432[:reach|:share]       a port of this computer that commands may use (the default), or serve
  tool:SERVER/NAME               a tool of an MCP server; NAME may be *`;

const PLATFORMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'macos', win32: 'windows' };

/** @throws UsageError when it is malformed, Refusal when it names nothing on this computer */
export function parseResource(text: string, context: CliContext): NamedResource {
  const [, kind = /^(?:https?|wss?):\/\//.test(text) ? 'origin' : 'app', rest = text] =
    /^(app|folder|command|deletion|origin|port|tool):(.*)$/s.exec(text) ?? [];
  switch (kind) {
    case 'app':
      return parseApp(rest, context);
    case 'folder':
      return { resource: checked(folderOf(rest, context), text) };
    case 'deletion':
      return {
        resource: checked(
          { kind, paths: [resolvedLinks(resolve(context.cwd, expandHome(rest, context)))] },
          text,
        ),
      };
    case 'command':
      return { resource: checked({ kind, rule: rest.trim() }, text) };
    case 'port':
      return { resource: checked(portOf(rest), text) };
    case 'origin':
      return { resource: checked({ kind, pattern: rest }, text) };
    default:
      return { resource: checked(toolOf(rest), text) };
  }
}

/** Like `parseResource`, but the program of an application may be gone when its path or key is given. */
export function parseKnownResource(text: string, context: CliContext): NamedResource {
  try {
    return parseResource(text, context);
  } catch (error) {
    const key = keyOf(text.replace(/^app:/, ''), context);
    if (!(error instanceof Refusal) || key === undefined) throw error;
    return { resource: { kind: 'app', app: key } };
  }
}

function keyOf(text: string, { platform }: CliContext): string | undefined {
  if (/^(?:linux|macos|windows):./.test(text)) return text;
  return text.startsWith('/') ? `${PLATFORMS[platform] ?? 'linux'}:${text}` : undefined;
}

function parseApp(text: string, context: CliContext): NamedResource {
  if (/^(?:flatpak|snap|\w+\+argv):./.test(text))
    return { resource: checked({ kind: 'app', app: text }, text) };
  const platform = PLATFORMS[context.platform] ?? 'linux';
  const executable = findProgram(text.replace(/^(?:linux|macos|windows):/, ''), context);
  const path = platform === 'windows' ? executable.toLowerCase() : executable;
  return { resource: checked({ kind: 'app', app: `${platform}:${path}` }, text), executable };
}

function folderOf(text: string, context: CliContext): unknown {
  const [, path = text, access = 'ro'] = /^(.*):(ro|rw)$/s.exec(text) ?? [];
  const absolute = resolve(context.cwd, expandHome(path, context));
  return { kind: 'folder', path: path === '' ? '' : resolvedLinks(absolute), access };
}

/** What is not there yet means the place of this name, in the folder that is. */
function resolvedLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(resolvedLinks(folder), basename(path));
  }
}

function portOf(text: string): unknown {
  const [port = '', direction = 'reach'] = text.split(':');
  return { kind: 'port', port: Number(port), direction };
}

function toolOf(text: string): unknown {
  const slash = text.indexOf('/');
  return slash < 0
    ? { kind: 'tool', name: text }
    : { kind: 'tool', server: text.slice(0, slash), name: text.slice(slash + 1) };
}

function checked(value: unknown, text: string): Resource {
  const parsed = resourceSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${JSON.stringify(text)} is no resource: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}
