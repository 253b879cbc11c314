import type { GrantFlags } from '../grant.ts';
import { ALLOW_ALWAYS, ALLOW_FLAG, ALLOW_ONCE, DENY, TITLE } from './buttons.ts';
import { escapeMarkup, plainLabel, quotableReason, wrapped } from './plain-text.ts';
import { FLAG_MEANINGS, wantedFlags, type AskedApp, type AskRequest } from './request.ts';

const COLUMNS = 72;

/** Everything that is put in is escaped: for Pango markup, and for the backslashes that zenity interprets. */
function markup(parts: TemplateStringsArray, ...values: readonly string[]): string {
  const escaped = values.map((value) => escapeMarkup(value).replaceAll('\\', '\\\\'));
  return String.raw({ raw: parts }, ...escaped);
}

const heading = (text: string): string =>
  markup`<span size="x-large" weight="bold">${wrapped(text, 48)}</span>`;

const line = (label: string, text: string): string => markup`<b>${label}:</b> ${wrapped(text, COLUMNS)}`;

/** The arguments of the dialog about one application; `number` counts from 1. */
export function appQuestion(request: AskRequest, app: AskedApp, number: number): readonly string[] {
  const count = request.apps.length;
  const text = [
    heading(`Let an agent use ${plainLabel(app.name)}?`),
    ...(count > 1 ? [`Application ${number} of ${count}`] : []),
    [
      line('Program', plainLabel(app.executable)),
      line('Access', `${app.tier} (${plainLabel(app.tierMeaning)})`),
      ...app.warnings.map((warning) => line('Warning', plainLabel(warning))),
      ...wantedFlags(request).map((flag) => line('Also wants to', FLAG_MEANINGS[flag])),
    ].join('\n'),
    reasonText(request.reason),
  ];
  const allowing = request.mayAlways ? [ALLOW_ONCE, ALLOW_ALWAYS] : [ALLOW_ONCE];
  return question(text.join('\n\n'), allowing);
}

/** The arguments of the dialog about one right beyond the tier. */
export function flagQuestion(request: AskRequest, flag: keyof GrantFlags): readonly string[] {
  const names = request.apps.map(({ name }) => plainLabel(name)).join(', ');
  const text = [
    heading(`Also let the agent ${FLAG_MEANINGS[flag]}?`),
    line('While it uses', names),
    reasonText(request.reason),
  ];
  return question(text.join('\n\n'), [ALLOW_FLAG]);
}

/** Deny comes first and so has the focus: Return, Escape and closing the window deny. */
const question = (text: string, allowing: readonly string[]): readonly string[] => [
  '--question',
  '--switch',
  `--title=${TITLE}`,
  '--icon-name=dialog-password',
  '--width=480',
  '--no-wrap',
  `--text=${text}`,
  ...[DENY, ...allowing].map((label) => `--extra-button=${label}`),
];

function reasonText(reason: string): string {
  const quoted = quotableReason(reason);
  if (quoted === '') return 'The agent gives no reason.';
  return markup`The agent says (its own words, not checked):\n<i>${wrapped(`“${quoted}”`, COLUMNS)}</i>`;
}
