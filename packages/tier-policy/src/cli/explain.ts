import { describeClass, describeTier, tierOfClass } from '../app-class.ts';
import { appKey, classify } from '../classify.ts';
import { decide } from '../decide.ts';
import type { Action, AppGrant, Decision } from '../decision.ts';
import type { AppIdentity, Platform } from '../identity.ts';
import { parseKeys } from '../keys/parse-combo.ts';
import type { Policy } from '../policy.ts';
import { TIERS, type Tier } from '../tier.ts';
import { tierOf } from '../tier-of.ts';
import { TOOL_NAMES, isToolName } from '../tool-needs.ts';
import { nearest } from '../near.ts';
import { describedApp } from './described-app.ts';
import { UsageError, columns, json, type CommandResult } from './outcome.ts';
import { readPolicy } from './read-policy.ts';

export interface ExplainOptions {
  readonly app: string;
  readonly tool: string;
  readonly platform: string;
  readonly argv?: string;
  readonly recipient?: string;
  readonly keys?: string;
  readonly withModifiers?: boolean;
  /** `true` for every right, or the tier that the grant is capped at. */
  readonly granted?: boolean | string;
  readonly policy?: string;
  readonly json?: boolean;
}

const isTier = (text: string): text is Tier => TIERS.some((tier) => tier === text);

const isPlatform = (text: string): text is Platform => ['linux', 'macos', 'windows'].includes(text);

const actionOf = ({ tool, keys, withModifiers }: ExplainOptions): Action => {
  if (!isToolName(tool)) {
    const near = nearest(tool, TOOL_NAMES);
    throw new UsageError(
      `There is no tool "${tool}". ${near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Tools: ${TOOL_NAMES.join(', ')}.`}`,
    );
  }
  const parsed = parseKeys(keys ?? 'Return');
  if (!parsed.ok) throw new UsageError(parsed.problem.message);
  const takesKeys = keys !== undefined || tool === 'key' || tool === 'hold_key';
  return {
    tool,
    ...(takesKeys ? { combos: parsed.combos } : {}),
    ...(withModifiers === true ? { withModifiers } : {}),
  };
};

const grantFor = (app: AppIdentity, granted: boolean | string | undefined): readonly AppGrant[] => {
  const key = appKey(app);
  if (granted === undefined || granted === false || key === null) return [];
  if (granted === true) return [{ app: key, decision: 'allow' }];
  if (!isTier(granted)) throw new UsageError(`"${granted}" is no tier; use one of ${TIERS.join(', ')}.`);
  return [{ app: key, decision: 'allow', tier: granted }];
};

const aboutApp = (app: AppIdentity, policy: Policy): Readonly<Record<string, unknown>> => {
  const kind = classify(app);
  return {
    name: kind.name,
    executable: app.executable,
    class: kind.class,
    classTier: tierOfClass(kind.class),
    tier: tierOf(app, policy),
    grantKey: appKey(app),
    warnings: kind.warnings,
  };
};

const appLines = (role: string, app: AppIdentity, policy: Policy): string[][] => {
  const kind = classify(app);
  const tier = tierOf(app, policy);
  const classTier = tierOfClass(kind.class);
  return [
    [role, `${kind.name} (${app.executable ?? 'no executable'})`],
    ['class', `${kind.class}: ${describeClass(kind.class)}`],
    [
      'tier',
      `${tier}${tier === classTier ? '' : `, by policy instead of ${classTier}`}: ${describeTier(tier)}`,
    ],
    ['grant key', appKey(app) ?? 'none: it cannot be granted'],
    ...kind.warnings.map((warning) => ['warning', warning]),
  ];
};

const decisionLines = (tool: string, decision: Decision): string[][] => {
  const head = [tool, `needs tier ${decision.needed}`];
  if (decision.allowed) return [head, ['allowed', `at tier ${decision.tier}`]];
  return [
    head,
    ['denied', `${decision.code}, by the ${decision.blocker} application`],
    ['', decision.message],
    ['', decision.hint],
  ];
};

/** Why a tool may or may not act on an application. */
export const explain = async (options: ExplainOptions): Promise<CommandResult> => {
  const { platform } = options;
  if (!isPlatform(platform))
    throw new UsageError(`"${platform}" is no platform; use linux, macos or windows.`);
  const action = actionOf(options);
  const policy = await readPolicy(options.policy);
  const argv = options.argv === undefined ? {} : { argv: options.argv.split(' ') };
  const app = describedApp(options.app, { platform, ...argv });
  const recipient =
    options.recipient === undefined ? undefined : describedApp(options.recipient, { platform });
  const grants = [app, ...(recipient === undefined ? [] : [recipient])].flatMap((each) =>
    grantFor(each, options.granted),
  );
  const decision = decide({
    action,
    frontmost: { kind: 'app', app },
    recipient: { kind: 'app', app: recipient ?? app },
    grants,
    policy,
  });
  const exitCode = decision.allowed ? 0 : 1;
  if (options.json === true) {
    const apps = {
      app: aboutApp(app, policy),
      ...(recipient === undefined ? {} : { recipient: aboutApp(recipient, policy) }),
    };
    return { text: json({ ...apps, decision }), exitCode };
  }
  const about = [
    ...appLines('app', app, policy),
    ...(recipient === undefined ? [] : appLines('recipient', recipient, policy)),
  ];
  return { text: columns([...about, ['', ''], ...decisionLines(action.tool, decision)]), exitCode };
};
