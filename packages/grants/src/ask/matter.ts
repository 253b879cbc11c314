import type { ExecutableIdentity } from '../executable-identity.ts';
import type { ResourceOf } from '../resource.ts';
import { plainLabel } from './plain-text.ts';
import type { AskDecision, AskedApp, AskedOrigin } from './request.ts';

/** What a request is about, without how it is asked. */
export type Subjects =
  | { readonly kind: 'app'; readonly apps: readonly AskedApp[] }
  | { readonly kind: 'origin'; readonly origins: readonly AskedOrigin[] };

/** One thing that is asked for, whatever it is. All words are one line each, and disguise nothing. */
export interface Matter {
  /** What a decision about it names. */
  readonly key: string;
  readonly resource: ResourceOf<'app' | 'origin'>;
  /** As a person knows it. */
  readonly name: string;
  /** What the agent would do with it, as it follows "Let an agent" and "An agent asks to". */
  readonly deed: 'use' | 'open pages of';
  /** One of several is called so. */
  readonly noun: 'Application' | 'Origin';
  /** The thing itself, where its name does not say it. */
  readonly place: readonly [label: string, text: string] | null;
  readonly access: string;
  readonly warnings: readonly string[];
  readonly identity: ExecutableIdentity | undefined;
}

/** Everything that is asked for, in its order. */
export const mattersOf = (request: Subjects): readonly Matter[] =>
  request.kind === 'app' ? request.apps.map(appMatter) : request.origins.map(originMatter);

const appMatter = ({ app, name, executable, tier, tierMeaning, warnings, identity }: AskedApp): Matter => ({
  key: app,
  resource: { kind: 'app', app },
  name: plainLabel(name),
  ...{ deed: 'use', noun: 'Application' },
  place: ['Program', plainLabel(executable)],
  access: `${tier} (${plainLabel(tierMeaning)})`,
  warnings: warnings.map(plainLabel),
  identity,
});

const originMatter = ({ origin, warnings }: AskedOrigin): Matter => ({
  key: origin,
  resource: { kind: 'origin', pattern: origin },
  name: plainLabel(origin),
  ...{ deed: 'open pages of', noun: 'Origin' },
  place: null,
  access: 'its pages are opened, read and acted on in the browser of the agent',
  warnings: warnings.map(plainLabel),
  identity: undefined,
});

/** The same decision for everything asked for. */
export const decideAll = (
  request: Subjects,
  decision: Pick<AskDecision, 'decision' | 'scope'>,
): readonly AskDecision[] => mattersOf(request).map(({ key }) => ({ asked: key, ...decision }));
