import { plainLabel } from '../ask/plain-text.ts';
import { FLAG_MEANINGS, wantedFlags } from '../ask/request.ts';
import { ANY_SUBJECT, isLive, type Grant, type GrantDraft, type GrantFlags, type Tier } from '../grant.ts';
import { openGrantStore, type GrantStore } from '../grant-store.ts';
import { readIdentity } from '../read-identity.ts';
import { formatResource, sameResource, type Resource } from '../resource.ts';
import { parseDuration } from './duration.ts';
import { grantsInFile } from './list.ts';
import { Refusal, UsageError, type CliContext, type CommandResult } from './outcome.ts';
import { isScript } from './program-file.ts';
import { parseKnownResource, parseResource, type NamedResource } from './resource-text.ts';
import { confirmAtTerminal } from './terminal.ts';

export interface AllowOptions {
  readonly tier?: Tier;
  readonly for?: string;
  readonly clipboardRead?: boolean;
  readonly clipboardWrite?: boolean;
  readonly systemKeyCombos?: boolean;
}

export const flagsOf = ({ clipboardRead, clipboardWrite, systemKeyCombos }: AllowOptions): GrantFlags => ({
  ...(clipboardRead && { clipboardRead }),
  ...(clipboardWrite && { clipboardWrite }),
  ...(systemKeyCombos && { systemKeyCombos }),
});

export async function allow(
  text: string,
  options: AllowOptions,
  context: CliContext,
): Promise<CommandResult> {
  const expires = options.for === undefined ? undefined : new Date(Date.now() + parseDuration(options.for));
  const named = parseResource(text, context);
  const flags = flagsOf(options);
  const { resource } = named;
  if (resource.kind !== 'app' && (options.tier !== undefined || Object.keys(flags).length > 0))
    throw new UsageError('tiers, clipboard and system shortcuts are only for applications');
  if (label(resource) !== formatResource(resource))
    throw new Refusal(
      `${label(resource)} is too long, or has characters that cannot be shown`,
      'Allow only what you can read whole: give it a shorter or plainer name.',
    );
  const draft: GrantDraft = {
    ...lasting(resource, 'allow'),
    ...(await boundFile(named, context)),
    ...(options.tier && { tier: options.tier }),
    ...(Object.keys(flags).length > 0 && { flags }),
    ...(expires && { expires: expires.toISOString() }),
  };
  await confirmAtTerminal(describe(draft), 'allow it');
  await withStore(context.home, (store) => store.add(draft));
  const beaten = denialsOf(resource, context.home);
  return {
    text: [
      `Allowed ${label(resource)}.`,
      ...beaten.map(({ id, subject }) =>
        plainLabel(`Still denied for ${subject}: ${context.called} revoke ${id.slice(0, 8)}`),
      ),
    ].join('\n'),
  };
}

/** Needs no terminal unless it would replace a denial by another one. */
export async function deny(text: string, context: CliContext): Promise<CommandResult> {
  const { resource, executable } = parseKnownResource(text, context);
  if (executable !== undefined && isScript(executable)) throw interpreted(executable, context);
  const draft = lasting(resource, 'deny');
  const before = denialsOf(resource, context.home).filter(({ subject }) => subject === ANY_SUBJECT);
  const isDenied = before.some(
    (grant) => formatResource(grant.resource) === formatResource(resource) && grant.expires === undefined,
  );
  if (isDenied) return { text: `${label(resource)} is denied already.` };
  if (before.length > 0) await confirmAtTerminal(describe(draft), 'replace the denial');
  await withStore(context.home, (store) => store.add(draft));
  return { text: `Denied ${label(resource)}.` };
}

/** Needs a terminal only when a denial ends. */
export async function revoke(target: string, context: CliContext): Promise<CommandResult> {
  const live = grantsInFile(context.home).filter((grant) => isLive(grant, new Date()));
  const meant = meantBy(target, live, context);
  if (meant.length === 0)
    throw new Refusal(`nothing is granted as ${plainLabel(target)}`, `See what is: ${context.called} list`);
  const denials = meant.filter(({ decision }) => decision === 'deny');
  if (denials.length > 0) await confirmAtTerminal(denials.map(describe).join('\n\n'), 'end the denial');
  await withStore(context.home, async (store) => {
    for (const { id } of meant) await store.revoke(id);
  });
  return { text: meant.map(({ resource }) => `Revoked ${label(resource)}.`).join('\n') };
}

/** By id, or the start of one as the table shows it, else by resource. */
function meantBy(target: string, live: readonly Grant[], context: CliContext): readonly Grant[] {
  const byId = live.filter(({ id }) => id === target || (target.length >= 8 && id.startsWith(target)));
  if (byId.length > 1) throw new UsageError(`several grants begin with ${target}: give the whole id`);
  if (byId.length === 1) return byId;
  const { resource } = parseKnownResource(target, context);
  return live.filter((grant) => sameResource(grant.resource, resource));
}

const lasting = (resource: Resource, decision: 'allow' | 'deny') =>
  ({ subject: ANY_SUBJECT, resource, decision, scope: 'always', origin: 'person' }) as const;

const denialsOf = (resource: Resource, home: string): readonly Grant[] =>
  grantsInFile(home).filter(
    (grant) =>
      grant.decision === 'deny' && isLive(grant, new Date()) && sameResource(grant.resource, resource),
  );

/** The verified file of an application. @throws Refusal for what runs by an interpreter */
async function boundFile(
  { resource, executable }: NamedResource,
  context: CliContext,
): Promise<Pick<GrantDraft, 'identity'>> {
  if (executable === undefined) {
    if (resource.kind === 'app' && !/^(?:flatpak|snap):/.test(resource.app))
      throw interpreted(resource.app, context);
    return {};
  }
  if (isScript(executable)) throw interpreted(executable, context);
  return { identity: await readIdentity({ executable }) };
}

const interpreted = (what: string, { called }: CliContext): Refusal =>
  new Refusal(
    `${plainLabel(what)} is run by an interpreter, and what it runs is only known while it runs`,
    `Have the agent ask for it, then answer: ${called} pending`,
  );

async function withStore<T>(home: string, use: (store: GrantStore) => Promise<T>): Promise<T> {
  const store = await openGrantStore({ home });
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

const label = (resource: Resource): string => plainLabel(formatResource(resource));

function describe({ resource, decision, tier, flags, expires, identity }: GrantDraft): string {
  const given = wantedFlags({ flagsWanted: flags ?? {} });
  return [
    `${decision === 'allow' ? 'Allow' : 'Deny'} ${label(resource)} for every agent and session`,
    ...(identity
      ? [`Program: ${plainLabel(identity.executable)} (SHA-256 ${identity.sha256 ?? 'not read'})`]
      : []),
    ...(tier ? [`Access: ${tier} at most`] : []),
    ...given.map((flag) => `It may also ${FLAG_MEANINGS[flag]}`),
    `Until: ${expires ?? 'it is revoked'}`,
  ].join('\n');
}
