import { randomInt } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { ReadStream, isatty } from 'node:tty';
import { Refusal } from './outcome.ts';

const LETTERS = 'abcdefghjkmnpqrstuvwxyz';
const CODE_LENGTH = 4;

/**
 * Shows the text at the terminal that controls this process, and waits until a word is typed there that nobody can
 * know before: neither a pipe nor an option can confirm.
 * @throws Refusal when there is no terminal, or something else was typed
 */
export async function confirmAtTerminal(text: string, verb: string): Promise<void> {
  const { input, output } = openTerminal();
  const terminal = new ReadStream(input);
  try {
    const code = Array.from({ length: CODE_LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join(
      '',
    );
    writeSync(output, `${text}\n\nType ${code} and press Return to ${verb}, anything else to leave it: `);
    if ((await lineFrom(terminal)).trim().toLowerCase() === code) return;
    throw new Refusal('it was not confirmed', 'Nothing was changed.');
  } finally {
    terminal.destroy();
    closeSync(output);
  }
}

function openTerminal(): { readonly input: number; readonly output: number } {
  const isWindows = process.platform === 'win32';
  try {
    const input = openSync(isWindows ? '\\\\.\\CONIN$' : '/dev/tty', constants.O_RDWR);
    if (!isatty(input)) throw new Error('not a terminal');
    return { input, output: openSync(isWindows ? '\\\\.\\CONOUT$' : '/dev/tty', constants.O_WRONLY) };
  } catch {
    throw new Refusal(
      'only a person at a terminal may do this, and there is no terminal here',
      'Run the command yourself in a terminal window.',
    );
  }
}

/** The first line that is typed, or `''` at the end of the input. */
function lineFrom(terminal: ReadStream): Promise<string> {
  const lines = createInterface({ input: terminal, terminal: false });
  return new Promise((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
    lines.once('error', reject);
  });
}
