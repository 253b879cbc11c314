import type { ExecutableIdentity } from '../executable-identity.ts';
import type { ResourceOf } from '../resource.ts';
import { plainLabel, verbatimLines } from './plain-text.ts';
import type { AskDecision, AskedApp, AskedCommand, AskedFolder, AskedOrigin, AskedPort } from './request.ts';

/** What a request is about, without how it is asked. */
export type Subjects =
  | { readonly kind: 'app'; readonly apps: readonly AskedApp[] }
  | { readonly kind: 'origin'; readonly origins: readonly AskedOrigin[] }
  | { readonly kind: 'command'; readonly command: AskedCommand }
  | { readonly kind: 'folder'; readonly folder: AskedFolder }
  | { readonly kind: 'port'; readonly port: AskedPort };

/** One thing that is asked for, whatever it is. All words are one line each, and disguise nothing. */
export interface Matter {
  /** What a decision about it names. */
  readonly key: string;
  readonly resource: ResourceOf<'app' | 'origin' | 'command' | 'script' | 'deletion' | 'folder' | 'port'>;
  /** As a person knows it. */
  readonly name: string;
  /** What the agent would do with it, as it follows "Let an agent" and "An agent asks to". */
  readonly deed: 'use' | 'open pages of' | 'run' | 'use the folder';
  /** One of several is called so. */
  readonly noun: 'Application' | 'Origin' | 'Command' | 'Folder' | 'Port';
  /** The thing itself, where its name does not say it: label and text, each on one line. */
  readonly place: readonly (readonly [label: string, text: string])[];
  readonly access: string;
  readonly warnings: readonly string[];
  readonly identity: ExecutableIdentity | undefined;
}

/** Everything that is asked for, in its order. */
export function mattersOf(request: Subjects): readonly Matter[] {
  switch (request.kind) {
    case 'app':
      return request.apps.map(appMatter);
    case 'origin':
      return request.origins.map(originMatter);
    case 'command':
      return [commandMatter(request.command)];
    case 'folder':
      return [folderMatter(request.folder)];
    case 'port':
      return [portMatter(request.port)];
  }
}

const appMatter = ({ app, name, executable, tier, tierMeaning, warnings, identity }: AskedApp): Matter => ({
  key: app,
  resource: { kind: 'app', app },
  name: plainLabel(name),
  ...{ deed: 'use', noun: 'Application' },
  place: [['Program', plainLabel(executable)]],
  access: `${tier} (${plainLabel(tierMeaning)})`,
  warnings: warnings.map(plainLabel),
  identity,
});

const originMatter = ({ origin, warnings }: AskedOrigin): Matter => ({
  key: origin,
  resource: { kind: 'origin', pattern: origin },
  name: plainLabel(origin),
  ...{ deed: 'open pages of', noun: 'Origin' },
  place: [],
  access: 'its pages are opened, read and acted on in the browser of the agent',
  warnings: warnings.map(plainLabel),
  identity: undefined,
});

function commandMatter(asked: AskedCommand): Matter {
  const { command, cwd, reasons, findings = [], rule, deletes } = asked;
  const lines = verbatimLines(command);
  return {
    key: command,
    resource: allowedBy({ command, cwd, rule, deletes }),
    ...{ name: 'a command', deed: 'run', noun: 'Command' },
    place: [
      ...lines.map((line, at) => [lines.length === 1 ? 'Command' : `Line ${at + 1}`, line] as const),
      ['In', plainLabel(cwd)],
      ...findings.map(([label, text]) => [plainLabel(label), plainLabel(text)] as const),
    ],
    access: accessText(asked),
    warnings: reasons.map(plainLabel),
    identity: undefined,
  };
}

function accessText({ isOnce, rule, deletes }: AskedCommand): string {
  if (isOnce === true) return 'it is allowed for this one time; the next time is asked about again';
  const longer = 'for longer than this time it is allowed';
  if (deletes !== undefined)
    return `${longer} to delete, with no way back: ${deletes.map(plainLabel).join(', ')}`;
  return rule === undefined
    ? `${longer} for exactly this, in this folder`
    : `${longer} for every command of the form: ${plainLabel(rule)}`;
}

/** What an answer that holds for longer allows. */
function allowedBy({
  command: text,
  cwd,
  rule,
  deletes,
}: Pick<AskedCommand, 'command' | 'cwd' | 'rule' | 'deletes'>): Matter['resource'] {
  if (deletes !== undefined) return { kind: 'deletion', paths: [...deletes] };
  return rule === undefined ? { kind: 'script', text, cwd } : { kind: 'command', rule };
}

const folderMatter = ({ path, access, name, warnings }: AskedFolder): Matter => ({
  key: path,
  resource: { kind: 'folder', path, access },
  name: plainLabel(path),
  ...{ deed: 'use the folder', noun: 'Folder' },
  place: [['Seen by the agent as', plainLabel(name)]],
  access:
    access === 'ro'
      ? 'read everything in it, and change nothing'
      : 'read, change and delete everything in it',
  warnings: warnings.map(plainLabel),
  identity: undefined,
});

const portMatter = ({ port, direction }: AskedPort): Matter => ({
  key: `${direction} ${port}`,
  resource: { kind: 'port', port, direction },
  name: `port ${port} of this computer`,
  ...{ deed: 'use', noun: 'Port' },
  place: [],
  access:
    direction === 'reach'
      ? 'its commands use whatever listens there, such as a database or a service of yours'
      : 'a server of its commands listens there, for every program and every user of this computer',
  warnings: [],
  identity: undefined,
});

/** The same decision for everything asked for. */
export const decideAll = (
  request: Subjects,
  decision: Pick<AskDecision, 'decision' | 'scope'>,
): readonly AskDecision[] => mattersOf(request).map(({ key }) => ({ asked: key, ...decision }));
