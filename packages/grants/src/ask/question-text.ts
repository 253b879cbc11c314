import type { GrantFlags } from '../grant.ts';
import { plainLabel, quotableReason } from './plain-text.ts';
import { FLAG_MEANINGS, wantedFlags, type AskedApp, type AskRequest } from './request.ts';

/** What of a request a person is told. */
type Question = Pick<AskRequest, 'apps' | 'flagsWanted' | 'reason'>;

/** A question to a person in plain text, for dialogs and terminals that show text as it is. */
export interface QuestionText {
  readonly heading: string;
  /** Each is one line; everything from outside is on one line without control or invisible characters. */
  readonly lines: readonly string[];
  readonly reason: string;
}

/** The question about one application; `number` counts from 1. */
export function appText(request: Question, app: AskedApp, number: number): QuestionText {
  const count = request.apps.length;
  return {
    heading: `Let an agent use ${plainLabel(app.name)}?`,
    lines: [
      ...(count > 1 ? [`Application ${number} of ${count}`] : []),
      `Program: ${plainLabel(app.executable)}`,
      `Access: ${app.tier} (${plainLabel(app.tierMeaning)})`,
      ...app.warnings.map((warning) => `Warning: ${plainLabel(warning)}`),
      ...wantedFlags(request).map((flag) => `Also wants to: ${FLAG_MEANINGS[flag]}`),
    ],
    reason: reasonText(request.reason),
  };
}

/** The question about one right beyond the tier. */
export const flagText = (request: Question, flag: keyof GrantFlags): QuestionText => ({
  heading: `Also let the agent ${FLAG_MEANINGS[flag]}?`,
  lines: [`While it uses: ${request.apps.map(({ name }) => plainLabel(name)).join(', ')}`],
  reason: reasonText(request.reason),
});

export const paragraphs = ({ heading, lines, reason }: QuestionText): string =>
  [heading, lines.join('\n'), reason].join('\n\n');

function reasonText(reason: string): string {
  const quoted = quotableReason(reason);
  return quoted === ''
    ? 'The agent gives no reason.'
    : `The agent says (its own words, not checked): “${quoted}”`;
}
