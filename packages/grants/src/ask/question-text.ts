import type { GrantFlags } from '../grant.ts';
import { mattersOf, type Matter, type Subjects } from './matter.ts';
import { quotableReason } from './plain-text.ts';
import { FLAG_MEANINGS, wantedFlags } from './request.ts';

/** What of a request a person is told. */
export type Question = Subjects & {
  readonly flagsWanted?: GrantFlags | undefined;
  readonly reason: string;
};

/** A question to a person in plain text, for dialogs and terminals that show text as it is. */
export interface QuestionText {
  readonly heading: string;
  /** Each is one line; everything from outside is on one line without control or invisible characters. */
  readonly lines: readonly string[];
  readonly reason: string;
}

/** The question about one thing; `number` counts from 1. */
export function matterText(request: Question, matter: Matter, number: number): QuestionText {
  const count = mattersOf(request).length;
  return {
    heading: headingOf(matter),
    lines: [
      ...(count > 1 ? [`${matter.noun} ${number} of ${count}`] : []),
      ...factsOf(request, matter).map(([label, text]) => `${label}: ${text}`),
    ],
    reason: reasonText(request.reason),
  };
}

export const headingOf = ({ deed, name }: Matter): string => `Let an agent ${deed} ${name}?`;

export const factsOf = (request: Question, { place, access, warnings }: Matter) => [
  ...place,
  ['Access', access] as const,
  ...warnings.map((warning) => ['Warning', warning] as const),
  ...wantedFlags(request).map((flag) => ['Also wants to', FLAG_MEANINGS[flag]] as const),
];

/** The question about one right beyond the tier. */
export const flagText = (request: Question, flag: keyof GrantFlags): QuestionText => ({
  heading: `Also let the agent ${FLAG_MEANINGS[flag]}?`,
  lines: [`While it uses: ${namesIn(request)}`],
  reason: reasonText(request.reason),
});

export const namesIn = (request: Subjects): string =>
  mattersOf(request)
    .map(({ name }) => name)
    .join(', ');

export const paragraphs = ({ heading, lines, reason }: QuestionText): string =>
  [heading, lines.join('\n'), reason].join('\n\n');

function reasonText(reason: string): string {
  const quoted = quotableReason(reason);
  return quoted === ''
    ? 'The agent gives no reason.'
    : `The agent says (its own words, not checked): “${quoted}”`;
}
