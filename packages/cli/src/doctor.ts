import type { Sessions } from '@deskhand/agent-host';
import { EXIT, type Context } from './context.ts';
import { triedSandbox } from './tried-sandbox.ts';
import { binOf, configuredServers, hasDisplay, OWN_SERVERS } from './servers.ts';

/** Tries what a session needs; each line says whether it is there. */
export async function doctor(
  { home, sessions }: { readonly home: string; readonly sessions: Sessions },
  context: Context,
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const key = context.env['ANTHROPIC_API_KEY'];
  const checks: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['state', () => home],
    ['sessions', () => `${sessions.ids().length}`],
    ...OWN_SERVERS.map((name) => [`server ${name}`, () => binOf(`${name}-mcp`, context)] as const),
    ['sandbox', () => sandboxWords(context)],
    [
      'other servers',
      () =>
        configuredServers(home, context)
          .map(({ name }) => name)
          .join(', ') || 'none',
    ],
  ];
  const hints = [
    `desktop: ${hasDisplay(context) ? 'there is one' : 'none, so computer-use is left out'}`,
    `model: ${key ? 'ANTHROPIC_API_KEY is set' : 'ANTHROPIC_API_KEY is not set; --chat-url uses a model of this computer, and deskhand demo needs none'}`,
  ];
  const results = await Promise.all(checks.map(([name, look]) => lineOf(name, look)));
  const exitCode = results.every(({ isGood }) => isGood) ? EXIT.done : EXIT.failed;
  return { text: [...results.map(({ line }) => line), ...hints].join('\n'), exitCode };
}

async function sandboxWords(context: Context): Promise<string> {
  const { isThere, words } = await triedSandbox(context);
  if (isThere) return words;
  throw new Error(words);
}

async function lineOf(
  name: string,
  look: () => string | Promise<string>,
): Promise<{ readonly isGood: boolean; readonly line: string }> {
  try {
    return { isGood: true, line: `${name}: ${await look()}` };
  } catch (error) {
    const hint = error instanceof Error && 'hint' in error ? ` ${String(error.hint)}` : '';
    return {
      isGood: false,
      line: `${name}: NOT READY. ${error instanceof Error ? error.message : String(error)}${hint}`,
    };
  }
}
