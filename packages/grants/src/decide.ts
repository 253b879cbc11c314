import { spellingsOf } from './command-words.ts';
import { matchesOrigin, pageOrigin, parseOriginPattern, withoutRootDot } from './origin-pattern.ts';
import { isWithin, mayBeWithin } from './path-key.ts';
import type { Resource, ResourceOf } from './resource.ts';

/** What is about to be done. Paths are absolute with links resolved, `argv` is one simple command's words. */
export type Wanted =
  | ResourceOf<'app'>
  | { readonly kind: 'folder'; readonly path: string; readonly access: 'ro' | 'rw' }
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  | ResourceOf<'script'>
  | { readonly kind: 'deletion'; readonly path: string }
  | ResourceOf<'port'>
  /** `origin` may be any URL. */
  | { readonly kind: 'origin'; readonly origin: string }
  /** `server` is left out by a server that asks for a tool of its own. */
  | { readonly kind: 'tool'; readonly server?: string; readonly name: string };

/** A grant, or a row of a policy, which may also demand that a person is asked. */
export interface Rule {
  readonly resource: Resource;
  readonly decision: 'allow' | 'ask' | 'deny';
}

/** `unset`: no rule says anything, so ask or deny. `by` is the rule that decided. */
export type RuleVerdict<R extends Rule> =
  { readonly decision: Rule['decision']; readonly by: R } | { readonly decision: 'unset' };

/**
 * Deny beats ask beats allow. What restricts is read widely and what allows narrowly: see `restricts` and `allows`.
 * Pure: give it only rules that hold now, and for applications judge the identity besides.
 */
export function decide<R extends Rule>(rules: readonly R[], wanted: Wanted): RuleVerdict<R> {
  for (const decision of ['deny', 'ask', 'allow'] as const) {
    const holds = decision === 'allow' ? allows : restricts;
    const by = rules.find((rule) => rule.decision === decision && holds(rule.resource, wanted));
    if (by !== undefined) return { decision, by };
  }
  return { decision: 'unset' };
}

/** A rule allows no more than what it names. */
function allows(resource: Resource, wanted: Wanted): boolean {
  switch (resource.kind) {
    case 'app':
      return wanted.kind === 'app' && wanted.app === resource.app;
    case 'folder':
      return (
        wanted.kind === 'folder' &&
        isWithin(wanted.path, resource.path) &&
        (resource.access === 'rw' || wanted.access === 'ro')
      );
    case 'command':
      return wanted.kind === 'command' && matchesWords(resource.rule, wanted.argv);
    case 'script':
      return wanted.kind === 'script' && wanted.text === resource.text && wanted.cwd === resource.cwd;
    case 'deletion':
      return wanted.kind === 'deletion' && resource.paths.some((path) => isWithin(wanted.path, path));
    case 'origin':
      return wanted.kind === 'origin' && isOriginOf(resource.pattern, wanted.origin);
    case 'port':
      return (
        wanted.kind === 'port' && wanted.port === resource.port && wanted.direction === resource.direction
      );
    case 'tool':
      return wanted.kind === 'tool' && wanted.server === resource.server && isToolName(resource, wanted.name);
  }
}

/**
 * A rule restricts also what would come to the same: a folder that holds the restricted one, or that some file
 * systems take for it; a program by its path, or started by another one; a host with a last dot; the tool of any
 * server when the rule names none. A folder's `rw` restricts
 * writing, `ro` all access.
 */
function restricts(resource: Resource, wanted: Wanted): boolean {
  switch (resource.kind) {
    case 'app':
    case 'script':
    case 'port':
      return allows(resource, wanted);
    case 'folder':
      return (
        wanted.kind === 'folder' &&
        (mayBeWithin(wanted.path, resource.path) || mayBeWithin(resource.path, wanted.path)) &&
        (resource.access === 'ro' || wanted.access === 'rw')
      );
    case 'command':
      return (
        wanted.kind === 'command' &&
        spellingsOf(wanted.argv).some((argv) => matchesWords(resource.rule, argv))
      );
    case 'deletion':
      return (
        wanted.kind === 'deletion' &&
        resource.paths.some((path) => mayBeWithin(wanted.path, path) || mayBeWithin(path, wanted.path))
      );
    case 'origin':
      return wanted.kind === 'origin' && isLikeOriginOf(resource.pattern, wanted.origin);
    case 'tool':
      return (
        wanted.kind === 'tool' &&
        (resource.server === undefined || resource.server === wanted.server) &&
        isToolName(resource, wanted.name)
      );
  }
}

function matchesWords(rule: string, argv: readonly string[]): boolean {
  const words = rule.split(' ');
  const isPrefix = words.at(-1) === '*';
  const fixed = isPrefix ? words.slice(0, -1) : words;
  return (
    argv.length > 0 &&
    (isPrefix ? argv.length >= fixed.length : argv.length === fixed.length) &&
    fixed.every((word, index) => word === argv[index])
  );
}

function isOriginOf(pattern: string, origin: string): boolean {
  const parsed = parseOriginPattern(pattern);
  return parsed !== null && matchesOrigin(parsed, origin);
}

/** Also of the page that a `blob:` belongs to, and whether or not either host ends in a dot. */
function isLikeOriginOf(pattern: string, origin: string): boolean {
  const parsed = parseOriginPattern(pattern);
  if (parsed === null) return false;
  const host = parsed.host.replace(/\.$/, '');
  return matchesOrigin({ ...parsed, host }, withoutRootDot(pageOrigin(origin)));
}

const isToolName = ({ name }: ResourceOf<'tool'>, wanted: string): boolean => name === '*' || name === wanted;
