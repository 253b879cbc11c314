import { classify } from '../classify.ts';
import { decide } from '../decide.ts';
import type { Decision } from '../decision.ts';
import type { Policy } from '../policy.ts';
import type { RecordedDecision } from '../recorded-decision.ts';
import type { Tier } from '../tier.ts';
import { UsageError, json, type CommandResult } from './outcome.ts';
import { readPolicy, readText } from './read-policy.ts';
import { readLedgerLine } from './recorded-row.ts';

interface Verdict {
  readonly allowed: boolean;
  readonly code: Decision['code'];
  readonly tier: Tier;
}

export interface Change {
  readonly line: number;
  readonly seq: number | null;
  readonly tool: string;
  /** The application in front when it happened. */
  readonly app: string;
  readonly was: Verdict;
  readonly now: Verdict;
}

export interface Malformed {
  readonly line: number;
  readonly message: string;
}

export interface ReplayReport {
  readonly replayed: number;
  /** Rows without a recorded decision. */
  readonly skipped: number;
  readonly changes: readonly Change[];
  readonly malformed: readonly Malformed[];
  /** The last line was cut short while it was written. */
  readonly isTorn: boolean;
}

const verdictOf = ({ allowed, code, tier }: Decision): Verdict => ({ allowed, code, tier });

const appOf = ({ request }: RecordedDecision): string =>
  request.frontmost.kind === 'app' ? classify(request.frontmost.app).name : request.frontmost.reason;

const changeOf = (recorded: RecordedDecision, policy: Policy): Pick<Change, 'was' | 'now'> | null => {
  const was = verdictOf(recorded.outcome);
  const now = verdictOf(decide({ ...recorded.request, policy }));
  return was.code === now.code && was.tier === now.tier ? null : { was, now };
};

/** Makes every recorded decision of a ledger again under another policy. */
const replayLedger = (text: string, policy: Policy): ReplayReport => {
  const lines = text.split('\n');
  const changes: Change[] = [];
  const malformed: Malformed[] = [];
  let [replayed, skipped, isTorn] = [0, 0, false];
  for (const [index, content] of lines.entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    const row = readLedgerLine(content);
    if (row.kind === 'other') {
      skipped += 1;
    } else if (row.kind === 'decision') {
      replayed += 1;
      const change = changeOf(row.decision, policy);
      const { tool } = row.decision.request.action;
      if (change !== null) changes.push({ line, seq: row.seq, tool, app: appOf(row.decision), ...change });
    } else if (line === lines.length) {
      isTorn = true;
    } else {
      malformed.push({ line, message: row.message });
    }
  }
  return { replayed, skipped, changes, malformed, isTorn };
};

const say = ({ allowed, code, tier }: Verdict): string => `${allowed ? code : `denied ${code}`} (${tier})`;

const summary = (report: ReplayReport): string =>
  [
    `${report.changes.length} of ${report.replayed} decisions change`,
    `${report.skipped} rows without a decision skipped`,
    ...(report.malformed.length > 0 ? [`${report.malformed.length} malformed`] : []),
    ...(report.isTorn ? ['the torn last line dropped'] : []),
  ].join(', ');

const textReport = (file: string, report: ReplayReport): string =>
  [
    ...report.malformed.map(({ line, message }) => `${file}:${line} ${message}`),
    ...report.changes.map(
      ({ line, tool, app, was, now }) => `${file}:${line} ${tool} on ${app}: ${say(was)} -> ${say(now)}`,
    ),
    summary(report),
  ].join('\n');

/** Which past decisions another policy would change, and to what. */
export const replay = async (
  file: string,
  options: { readonly policy?: string; readonly json?: boolean },
): Promise<CommandResult> => {
  if (options.policy === undefined) throw new UsageError('Which policy? Add --policy FILE.');
  const policy = await readPolicy(options.policy);
  const report = replayLedger(await readText(file), policy);
  const exitCode = report.changes.length + report.malformed.length > 0 ? 1 : 0;
  return { text: options.json === true ? json(report) : textReport(file, report), exitCode };
};
