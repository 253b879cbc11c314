import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface CommandEnd {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = (home: string, env: Readonly<Record<string, string>>) => ({
  PATH: '/usr/bin:/bin',
  HOME: home,
  DESKHAND_HOME: home,
  TZ: 'UTC',
  ...env,
});

/** Runs `deskhand-grants` as an agent's shell would: without a terminal, and with `input` in a pipe. */
export async function command(
  home: string,
  argv: readonly string[],
  { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandEnd> {
  const child = spawn(process.execPath, [CLI, ...argv], {
    env: environment(home, env),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close').then((values: unknown[]) => values),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Runs it at a terminal of its own, where a person types `reply` when asked for a word; `shown` may act
 * once the question stands there.
 */
export async function atTerminal(
  home: string,
  argv: readonly string[],
  {
    reply = (code: string) => code,
    shown,
  }: { readonly reply?: (code: string) => string; readonly shown?: () => void } = {},
): Promise<{ readonly code: unknown; readonly screen: string }> {
  const words = [process.execPath, CLI, ...argv].map(quoted).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', words, '/dev/null'], {
    env: { ...environment(home, {}), SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close').then((values: unknown[]) => values);
  let screen = '';
  let isAnswered = false;
  child.stdout.setEncoding('utf8').on('data', (output: string) => {
    screen += output;
    const code = /Type ([a-z]{4}) and press Return/.exec(screen)?.[1];
    if (code === undefined || isAnswered) return;
    isAnswered = true;
    shown?.();
    child.stdin.write(`${reply(code)}\n`);
  });
  const [code] = await closed;
  return { code, screen: screen.replaceAll('\r\n', '\n') };
}
