import { mattersOf } from '../ask/matter.ts';
import { plainLabel } from '../ask/plain-text.ts';
import { matterText } from '../ask/question-text.ts';
import { FLAG_MEANINGS, wantedFlags } from '../ask/request.ts';
import { openGrantStore } from '../grant-store.ts';
import { answerPending } from '../pending-answer.ts';
import { listPending, readPending, type PendingRequest } from '../pending.ts';
import { checkIdentity } from '../read-identity.ts';
import { flagsOf, type AllowOptions } from './give.ts';
import { localTime } from './grant-table.ts';
import { Refusal, json, type CliContext, type CommandResult } from './outcome.ts';
import { confirmAtTerminal } from './terminal.ts';

/** Every question that waits. Files that may be forged are named, with exit code 5. */
export function pending(
  { home }: CliContext,
  { json: asJson = false }: { readonly json?: boolean },
): CommandResult {
  const { requests, faults } = listPending(home);
  const exitCode = faults.length > 0 ? 5 : 0;
  if (asJson)
    return {
      text: json({ requests, faults: faults.map(({ message, hint }) => ({ message, hint })) }),
      exitCode,
    };
  const texts = [
    ...requests.map(describe),
    ...faults.map(({ message, hint }) => plainLabel(`NOT SHOWN: ${message}. ${hint}`)),
  ];
  return { text: texts.length === 0 ? 'No question waits for an answer.' : texts.join('\n\n'), exitCode };
}

export interface AnswerOptions extends Pick<
  AllowOptions,
  'clipboardRead' | 'clipboardWrite' | 'systemKeyCombos'
> {
  readonly always?: boolean;
}

export async function answer(
  { id, decision }: { readonly id: string; readonly decision: 'allow' | 'deny' },
  options: AnswerOptions,
  { home, called }: CliContext,
): Promise<CommandResult> {
  const shown = readPending(home, id);
  if (decision === 'allow') await refuseChangedFiles(shown, called);
  const flags = flagsOf(options);
  const always = options.always ?? false;
  await confirmAtTerminal(
    [
      describe(shown),
      always
        ? 'Your answer holds for every session until you revoke it.'
        : 'Your answer holds for this session.',
      ...(decision === 'allow' ? rightsText(shown, flags) : []),
    ].join('\n\n'),
    decision === 'allow' ? 'ALLOW it' : 'deny it',
  );
  const store = await openGrantStore({ home });
  try {
    await answerPending({ home, store }, shown, { decision, always, flags });
  } finally {
    store.close();
  }
  return { text: decision === 'allow' ? 'Allowed. The agent has to ask again to go on.' : 'Denied.' };
}

/** @throws Refusal when what would be allowed is not what was asked about any more */
async function refuseChangedFiles({ id, request }: PendingRequest, called: string): Promise<void> {
  for (const { identity, name } of mattersOf(request)) {
    if (identity === undefined) continue;
    const verdict = await checkIdentity(identity, identity).catch((error: unknown) => ({
      holds: false,
      message: `it cannot be read any more: ${String(error)}`,
    }));
    if (!verdict.holds)
      throw new Refusal(
        `${name}: ${plainLabel('message' in verdict ? verdict.message : '')}`,
        `Deny it (${called} answer ${id} deny), and have the agent ask again if you know why it changed.`,
      );
  }
}

function rightsText(shown: PendingRequest, flags: ReturnType<typeof flagsOf>): readonly string[] {
  const wanted = wantedFlags(shown.request);
  if (wanted.length === 0) return [];
  return [
    wanted.map((flag) => `It may ${flags[flag] === true ? '' : 'NOT '}${FLAG_MEANINGS[flag]}.`).join('\n'),
  ];
}

function describe({ id, session, createdAt, expires, request }: PendingRequest): string {
  const texts = mattersOf(request).map((matter, index) => matterText(request, matter, index + 1));
  return [
    `Question ${id}, session ${plainLabel(session)}, asked ${localTime(createdAt)}, waits until ${localTime(expires)}`,
    ...texts.flatMap(({ heading, lines }) => [heading, ...lines.map((line) => `  ${line}`)]),
    ...texts.slice(0, 1).map(({ reason }) => reason),
  ].join('\n');
}
