import {
  ANSWER_MS,
  ToolError,
  askPerson,
  defineTool,
  type CallContext,
  type Tool,
  type ToolResult,
} from '@deskhand/server-runtime';
import { appKey, classify, describeTier, tierOf, type AppIdentity, type Tier } from '@deskhand/tier-policy';
import { readIdentity, statIdentity, type AskedApp, type AskOutcome } from '@deskhand/grants';
import { z } from 'zod';
import { placeOf } from '../access.ts';
import { findApp, type KnownApp } from '../app-directory.ts';
import { prepareEncoder } from '../picture.ts';
import type { DesktopSession } from '../session.ts';

const MAX_APPS = 10;
const MAX_REASON = 300;

export const accessTools = (session: DesktopSession): readonly Tool[] => [
  requestAccess(session),
  listGrantedApplications(session),
];

/** What became of one application that was asked for. */
interface Result {
  readonly app: string;
  readonly status: 'granted' | 'denied' | 'not_found';
  /** Error code when nothing was granted. */
  readonly refusal?: 'no_such_app' | 'protected_app' | 'denied_by_person';
  readonly tier: Tier;
  readonly text: string;
}

const requestAccess = (session: DesktopSession): Tool =>
  defineTool({
    name: 'request_access',
    title: 'Request access',
    description:
      'Asks the person to let you use applications. Call it before using one; it says what each allows.',
    input: z.object({
      apps: z.array(z.string().min(1).max(500)).min(1).max(MAX_APPS).describe('Names, commands or paths'),
      reason: z.string().min(1).max(MAX_REASON).describe('One sentence that the person reads'),
      clipboardRead: z.boolean().optional(),
      clipboardWrite: z.boolean().optional(),
      systemKeyCombos: z.boolean().optional(),
    }),
    annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: true },
    always: true,
    timeoutMs: 2 * ANSWER_MS,
    run: async ({ apps: names, reason, ...flagsWanted }, call) => {
      const windows = await session.desktop.windows();
      const found: KnownApp[] = [];
      const results: Result[] = [];
      for (const name of new Set(names)) {
        try {
          const app = findApp(name, windows, session.directory);
          // several spellings of one application are one question
          if (!found.some((other) => isSameApp(app, other))) found.push(app);
        } catch (error) {
          if (!(error instanceof ToolError) || names.length === 1) throw error;
          const text = `${name}: ${error.message}. ${error.hint ?? ''}`;
          results.push({ app: name, status: 'not_found', refusal: 'no_such_app', tier: 'none', text });
        }
      }
      const wanted = definedFlags(flagsWanted);
      const asked = found.filter((app) => {
        const settled = settledBefore(app, session, wanted);
        if (settled !== null) results.push(settled);
        return settled === null;
      });
      if (asked.length > 0) results.push(...(await askFor(asked, { session, call, reason, wanted })));
      return answer(results);
    },
  });

const isSameApp = (a: KnownApp, b: KnownApp): boolean =>
  appKey(a.identity) !== null && appKey(a.identity) === appKey(b.identity);

type Flags = Readonly<Partial<Record<'clipboardRead' | 'clipboardWrite' | 'systemKeyCombos', boolean>>>;

const definedFlags = (flags: Readonly<Record<string, boolean | undefined>>): Flags =>
  Object.fromEntries(Object.entries(flags).filter(([, wanted]) => wanted === true));

/** An application that nobody needs to be asked about: never allowed, or allowed already. */
function settledBefore({ identity, name }: KnownApp, session: DesktopSession, wanted: Flags): Result | null {
  const tier = tierOf(identity, session.policy);
  if (appKey(identity) === null || tier === 'none') {
    const why =
      appKey(identity) === null
        ? 'what runs in it cannot be told'
        : 'it is protected or forbidden by the policy';
    return {
      app: name,
      status: 'denied',
      refusal: 'protected_app',
      tier: 'none',
      text: `${name} is never granted: ${why}.`,
    };
  }
  const grants = session.access.for([{ kind: 'app', app: identity }]);
  if (grants.some(({ decision }) => decision === 'deny')) return refused(name);
  const given = new Map(
    grants.flatMap(({ flags }) => Object.entries(flags ?? {}).filter(([, isGiven]) => isGiven)),
  );
  const hasFlags = Object.keys(wanted).every((flag) => given.has(flag));
  return grants.length > 0 && hasFlags ? granted(identity, name, session) : null;
}

const refused = (name: string): Result => ({
  app: name,
  status: 'denied',
  refusal: 'denied_by_person',
  tier: 'none',
  text: `The person said no to ${name}. Do not ask again unless they tell you to.`,
});

function granted(identity: AppIdentity, name: string, session: DesktopSession): Result {
  const tier = session.tierOf(identity);
  return {
    app: name,
    status: 'granted',
    tier,
    text: `${name} is granted at tier ${tier}: you may ${describeTier(tier)}.`,
  };
}

interface AskContext {
  readonly session: DesktopSession;
  readonly call: CallContext;
  readonly reason: string;
  readonly wanted: Flags;
}

async function askFor(apps: readonly KnownApp[], context: AskContext): Promise<readonly Result[]> {
  const { session, call, reason, wanted } = context;
  const asked = await Promise.all(apps.map((app) => askedApp(app, session)));
  // while the person reads; a failure is told by the first screenshot
  prepareEncoder().catch(() => undefined);
  const outcome = await askPerson(
    {
      kind: 'app',
      apps: asked,
      flagsWanted: wanted,
      reason,
      mayAlways: !session.policy.onceOnly,
      timeoutMs: ANSWER_MS,
      grantsFile: session.access.file,
    },
    session.asking,
    call,
  );
  call.note({ asked: asked.map(({ app }) => app), outcome: outcome.outcome });
  if (outcome.outcome === 'denied') {
    throw new ToolError(outcome.code, outcome.message, {
      hint: outcome.hint,
    });
  }
  return Promise.all(apps.map((app, index) => record(app, asked[index], { outcome, session })));
}

async function askedApp({ identity, name }: KnownApp, session: DesktopSession): Promise<AskedApp> {
  const tier = tierOf(identity, session.policy);
  const executable = identity.executable ?? '';
  const place = placeOf(identity, executable);
  const file = statIdentity(place);
  const key = appKey(identity) ?? '';
  return {
    app: key,
    name,
    executable: programOf(key, executable),
    tier,
    tierMeaning: describeTier(tier),
    warnings: classify(identity).warnings,
    // nobody but root can replace it: then its content need not be read
    identity: file.rootOnly ? file : await readIdentity(place),
  };
}

/** What the person is told will run: for an interpreter with the arguments that say what it runs. */
const programOf = (key: string, executable: string): string =>
  key.includes('+argv:') ? key.slice(key.indexOf(':') + 1) : executable;

interface Answered {
  readonly outcome: Extract<AskOutcome, { outcome: 'answered' }>;
  readonly session: DesktopSession;
}

async function record(
  app: KnownApp,
  asked: AskedApp | undefined,
  { outcome, session }: Answered,
): Promise<Result> {
  const { identity, name } = app;
  const decision = outcome.decisions.find((candidate) => candidate.asked === asked?.app);
  if (asked === undefined || decision?.decision !== 'allow') return refused(name);
  await session.access.allow(asked, { scope: decision.scope, flags: outcome.flags });
  return granted(identity, name, session);
}

function answer(results: readonly Result[]): ToolResult {
  const structured = {
    applications: results.map(({ app, status, tier }) => ({ app, status, tier })),
  };
  const text = results.map((result) => result.text).join('\n');
  if (results.some(({ status }) => status === 'granted')) return { text, structured };
  const code = results.find((result) => result.refusal !== undefined)?.refusal ?? 'denied_by_person';
  throw new ToolError(code, text.replace(/\.$/, ''), {
    hint: 'Work with the applications that are granted, or tell the person.',
    details: structured,
  });
}

const listGrantedApplications = (session: DesktopSession): Tool =>
  defineTool({
    name: 'list_granted_applications',
    title: 'List granted applications',
    description: 'Lists the applications that you may use, the tier of each and how long it holds.',
    input: z.object({}),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    run: () => {
      const applications = session.access.all().map(({ resource, decision, scope, flags, expires }) => ({
        app: resource.app,
        decision,
        scope,
        ...(flags === undefined ? {} : { flags }),
        ...(expires === undefined ? {} : { expires }),
      }));
      const lines = applications.map(({ app, decision, scope }) => `${app}: ${decision} (${scope})`);
      const text =
        lines.length === 0 ? 'No applications are granted. Ask with request_access.' : lines.join('\n');
      return Promise.resolve({ text, structured: { applications } });
    },
  });
