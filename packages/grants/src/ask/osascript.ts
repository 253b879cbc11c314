import { ALLOW_FLAG, allowing, DENY, TITLE, pressedLabel, type Pressed } from './buttons.ts';
import { dialogChannel, type DialogArguments, type OnDialog } from './dialog-channel.ts';
import type { Environment } from './dialog-environment.ts';
import type { DialogEnd } from './dialog-process.ts';
import { matterText, flagText, paragraphs } from './question-text.ts';
import type { AskChannel } from './request.ts';

export interface OsascriptOptions {
  readonly osascriptPath: string;
  readonly env: Environment;
  readonly onDialog?: OnDialog | undefined;
}

/** Always the same: what is asked arrives in `argv`, and is never part of the script. */
const SCRIPT = `on run argv
  set theText to item 1 of argv
  set theSeconds to (item 2 of argv) as integer
  set theButtons to items 3 thru -1 of argv
  try
    set theAnswer to display dialog theText with title "${TITLE}" buttons theButtons default button "${DENY}" cancel button "${DENY}" with icon caution giving up after theSeconds
    if gave up of theAnswer then return "${DENY}"
    return button returned of theAnswer
  on error number -128
    return "${DENY}"
  end try
end run`;

/** Asks by the dialogs of macOS, whose text knows no markup. */
export const osascriptChannel = ({ osascriptPath, env, onDialog }: OsascriptOptions): AskChannel =>
  dialogChannel(
    {
      name: 'osascript',
      path: osascriptPath,
      env,
      askAbout: (request, matter, { number, seconds }) =>
        dialog(
          paragraphs(matterText(request, matter, number)),
          seconds,
          // a dialog has three buttons at most
          allowing(request)
            .slice(0, 2)
            .map(([, label]) => label)
            .toReversed(),
        ),
      askFlag: (request, flag, { seconds }) =>
        dialog(paragraphs(flagText(request, flag)), seconds, [ALLOW_FLAG]),
      pressed: pressedIn,
    },
    onDialog,
  );

/** The last button stands where a dialog's default belongs. */
const dialog = (text: string, seconds: number, labels: readonly string[]): DialogArguments => ({
  argv: ['-e', SCRIPT, '--', text, String(seconds), ...labels, DENY],
});

/** @throws when there is no session with a screen: then osascript ends with an error */
function pressedIn({ code, stdout, stderr }: DialogEnd): Pressed {
  if (code !== 0)
    throw new Error(`osascript showed no dialog: ${stderr.trim() || `exit code ${String(code)}`}`);
  return pressedLabel(stdout);
}
