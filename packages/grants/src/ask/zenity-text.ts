import type { GrantFlags } from '../grant.ts';
import { ALLOW_FLAG, allowing, DENY, TITLE } from './buttons.ts';
import { mattersOf, type Matter } from './matter.ts';
import { escapeMarkup, quotableReason, wrapped } from './plain-text.ts';
import { factsOf, headingOf, namesIn } from './question-text.ts';
import { FLAG_MEANINGS, type AskRequest } from './request.ts';

const COLUMNS = 72;

/** Everything that is put in is escaped: for Pango markup, and for the backslashes that zenity interprets. */
function markup(parts: TemplateStringsArray, ...values: readonly string[]): string {
  const escaped = values.map((value) => escapeMarkup(value).replaceAll('\\', '\\\\'));
  return String.raw({ raw: parts }, ...escaped);
}

const heading = (text: string): string =>
  markup`<span size="x-large" weight="bold">${wrapped(text, 48)}</span>`;

const line = (label: string, text: string): string => markup`<b>${label}:</b> ${wrapped(text, COLUMNS)}`;

/** The arguments of the dialog about one thing; `number` counts from 1. */
export function matterQuestion(request: AskRequest, matter: Matter, number: number): readonly string[] {
  const count = mattersOf(request).length;
  const text = [
    heading(headingOf(matter)),
    ...(count > 1 ? [`${matter.noun} ${number} of ${count}`] : []),
    factsOf(request, matter)
      .map(([label, fact]) => line(label, fact))
      .join('\n'),
    reasonText(request.reason),
  ];
  return question(
    text.join('\n\n'),
    allowing(request).map(([, label]) => label),
  );
}

/** The arguments of the dialog about one right beyond the tier. */
export function flagQuestion(request: AskRequest, flag: keyof GrantFlags): readonly string[] {
  const text = [
    heading(`Also let the agent ${FLAG_MEANINGS[flag]}?`),
    line('While it uses', namesIn(request)),
    reasonText(request.reason),
  ];
  return question(text.join('\n\n'), [ALLOW_FLAG]);
}

/** Deny comes first and so has the focus: Return, Escape and closing the window deny. */
const question = (text: string, labels: readonly string[]): readonly string[] => [
  '--question',
  '--switch',
  `--title=${TITLE}`,
  '--icon-name=dialog-password',
  '--width=480',
  '--no-wrap',
  `--text=${text}`,
  ...[DENY, ...labels].map((label) => `--extra-button=${label}`),
];

function reasonText(reason: string): string {
  const quoted = quotableReason(reason);
  if (quoted === '') return 'The agent gives no reason.';
  return markup`The agent says (its own words, not checked):\n<i>${wrapped(`“${quoted}”`, COLUMNS)}</i>`;
}
