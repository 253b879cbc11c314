import { ToolError, quoted } from '@deskhand/server-runtime';
import { appKey, classify, type AppIdentity } from '@deskhand/tier-policy';
import { basename } from 'node:path';
import { matchName, type Named } from './core/app-match.ts';
import type { WindowInfo } from './desktop/desktop.ts';

const NAME_LENGTH = 80;

/** An application that was named in a call: what it is, and how it is started when that is known. */
export interface KnownApp {
  readonly identity: AppIdentity;
  readonly name: string;
  readonly argv: readonly string[] | null;
}

/** What is installed on this computer. */
export interface AppDirectory {
  /** Applications with an entry in the desktop's menu. */
  installed(): readonly KnownApp[];
  /** A command of the search path or an absolute path. */
  command(name: string): KnownApp | null;
  /** Starts it in the background. Rejects when the command cannot be run. */
  start(argv: readonly string[]): Promise<{ readonly pid: number }>;
}

const keyOf = ({ identity }: KnownApp): string => appKey(identity) ?? `pid:${identity.pid}`;

const namesOf = ({ identity, name }: KnownApp): readonly string[] => [
  name,
  classify(identity).name,
  ...(identity.executable === null ? [] : [identity.executable, basename(identity.executable)]),
  ...[identity.flatpakId, identity.snapId, identity.bundleId].filter((id) => id !== undefined),
];

const named = (apps: readonly KnownApp[]): readonly Named<KnownApp>[] =>
  apps.map((value) => ({ names: namesOf(value), value }));

/** The applications that have a window now. */
function runningApps(windows: readonly WindowInfo[]): readonly KnownApp[] {
  return windows.flatMap(({ subject }) =>
    subject.kind === 'app' ? [{ identity: subject.app, name: classify(subject.app).name, argv: null }] : [],
  );
}

/**
 * What is meant by a name: a running application first, because its executable is proven, then an installed one,
 * then a command.
 *
 * @throws ToolError `ambiguous_app` or `no_such_app`, with the candidates
 */
export function findApp(query: string, windows: readonly WindowInfo[], directory: AppDirectory): KnownApp {
  const running = runningApps(windows);
  const installed = directory.installed();
  for (const apps of [running, installed]) {
    const match = matchName(query, named(apps), keyOf);
    if (match.kind === 'one') return withCommand(match.value, installed);
    if (match.kind === 'several') throw ambiguous(query, match.values);
  }
  const command = directory.command(query);
  if (command !== null) return command;
  const match = matchName(query, named([...running, ...installed]), keyOf);
  const near = match.kind === 'none' ? match.near : [];
  throw new ToolError('no_such_app', `No application is called "${query}"`, {
    hint:
      near.length > 0
        ? `Similar: ${near.map((name) => quoted(name, NAME_LENGTH)).join(', ')}. An absolute path of an executable works too.`
        : 'Use the name in the desktop menu, the command, or the absolute path of the executable.',
    details: { near },
  });
}

function withCommand(app: KnownApp, installed: readonly KnownApp[]): KnownApp {
  const entry = installed.find((candidate) => keyOf(candidate) === keyOf(app));
  return entry === undefined ? app : { ...app, argv: entry.argv };
}

function ambiguous(query: string, apps: readonly KnownApp[]): ToolError {
  const candidates = apps.map(({ name, identity }) => ({ name, executable: identity.executable }));
  const list = candidates
    .map(({ name, executable }) => `${name} (${executable ?? 'unknown file'})`)
    .join(', ');
  return new ToolError('ambiguous_app', `"${query}" can mean several applications: ${list}`, {
    hint: 'Name one by the path of its executable.',
    details: { candidates },
  });
}
