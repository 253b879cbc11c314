import { ALLOW_FLAG, allowing, DENY, TITLE, type Pressed } from './buttons.ts';
import { dialogChannel, type OnDialog } from './dialog-channel.ts';
import { unicodeLocale, type Environment } from './dialog-environment.ts';
import type { DialogEnd } from './dialog-process.ts';
import { escapeMarkup } from './plain-text.ts';
import { matterText, flagText, type QuestionText } from './question-text.ts';
import type { AskChannel } from './request.ts';

export interface KdialogOptions {
  readonly kdialogPath: string;
  readonly env: Environment;
  readonly onDialog?: OnDialog | undefined;
}

/** Asks by KDE's dialogs: lists of choices, since Return accepts a question with buttons. */
export const kdialogChannel = ({ kdialogPath, env, onDialog }: KdialogOptions): AskChannel =>
  dialogChannel(
    {
      name: 'kdialog',
      path: kdialogPath,
      env: { ...env, ...unicodeLocale(env) },
      askAbout: (request, matter, { number }) =>
        choice(matterText(request, matter, number), allowing(request)),
      askFlag: (request, flag) => choice(flagText(request, flag), [['flag', ALLOW_FLAG]]),
      pressed: pressedIn,
    },
    onDialog,
  );

const choice = (text: QuestionText, buttons: readonly (readonly [Pressed, string])[]) => ({
  argv: [
    '--title',
    TITLE,
    '--icon',
    'dialog-password',
    '--radiolist',
    richText(text),
    ...['deny', DENY, 'on'],
    ...buttons.flatMap(([tag, label]) => [tag, label, 'off']),
  ],
});

/** Marked as rich text, so that Qt does not guess, with everything in it escaped. */
const richText = ({ heading, lines, reason }: QuestionText): string =>
  `<qt><h2>${escaped(heading)}</h2><p>${lines.map(escaped).join('<br>')}</p><p><i>${escaped(reason)}</i></p></qt>`;

/** kdialog itself turns `\n` into a line break. */
const escaped = (text: string): string => escapeMarkup(text).replaceAll('\\', '&#92;');

const TAGS: readonly Pressed[] = ['time', 'once', 'always', 'flag'];

/** @throws when the dialog never got onto the screen; 0 is OK, 1 Cancel, Escape and closing */
function pressedIn({ code, stdout, stderr }: DialogEnd): Pressed {
  const wasShown = (code === 0 || code === 1) && !/could not connect to display|qt\.qpa/i.test(stderr);
  if (!wasShown) throw new Error(`kdialog showed no dialog: ${stderr.trim() || `exit code ${String(code)}`}`);
  return (code === 0 && TAGS.find((tag) => tag === stdout.trim())) || 'deny';
}
