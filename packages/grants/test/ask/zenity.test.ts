import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { zenityChannel, type AskAnswer, type AskRequest } from '../../src/index.ts';
import { temporaryFolder } from '../fixture.ts';
import { ask, galculator, unending } from './request.ts';
import { openScreen, type Screen } from './screen.ts';

const isLinux = process.platform === 'linux';
const { app } = ask().apps[0] ?? galculator;

/** What a person does with each dialog in turn. */
type Person = (screen: Screen, pid: number) => Promise<void>;

const presses =
  (...keys: readonly string[]): Person =>
  (screen, pid) =>
    screen.press(pid, ...keys);

async function answerOf(
  request: AskRequest,
  people: readonly Person[],
  env: Readonly<Record<string, string>> = {},
): Promise<AskAnswer> {
  const screen = await openScreen();
  const waiting = [...people];
  const acts: Promise<void>[] = [];
  const failed = new AbortController();
  const channel = zenityChannel({
    env: { ...screen.env, ...env },
    onDialog: (pid, state) => {
      const person = state === 'opened' ? waiting.shift() : undefined;
      if (person) acts.push(person(screen, pid).catch((error: unknown) => failed.abort(error)));
    },
  });
  const answer = await channel.ask(request, failed.signal);
  await Promise.all(acts);
  failed.signal.throwIfAborted();
  expect(waiting).toEqual([]);
  return answer;
}

const single = (decision: 'allow' | 'deny', scope: 'once' | 'always'): AskAnswer => ({
  outcome: 'answered',
  decisions: [{ asked: app, decision, scope }],
  flags: {},
});

describe.runIf(isLinux)('a native dialog', { timeout: 300_000 }, () => {
  const answers: readonly [string, Person, AskAnswer][] = [
    ['denies on Return, the default', presses('Return'), single('deny', 'once')],
    ['denies on the space bar', presses('space'), single('deny', 'once')],
    ['denies on Escape', presses('Escape'), single('deny', 'once')],
    ['denies when its window is closed', (screen, pid) => screen.closeWindow(pid), single('deny', 'once')],
    ['denies on letters typed into it by mistake', presses('a', 'y', 'o', 'Return'), single('deny', 'once')],
    ['allows for the session', presses('Tab', 'Return'), single('allow', 'once')],
    ['allows for always', presses('Tab', 'Tab', 'Return'), single('allow', 'always')],
  ];
  test.each(answers)('%s', async (_sentence, person, expected) => {
    expect(await answerOf(ask(), [person])).toEqual(expected);
  });

  test('does not offer always where it may not be', async () => {
    // Behind the second Tab there is no third button.
    const answer = await answerOf(ask({ mayAlways: false }), [presses('Tab', 'Tab', 'Return', 'Escape')]);
    expect(answer).toEqual(single('deny', 'once'));
  });

  test('denies when no answer comes in time', async () => {
    expect(await answerOf(ask({ timeoutMs: 1000 }), [])).toEqual(single('deny', 'once'));
  });

  test('asks for each application, then for each right beyond the tier', async () => {
    const request = ask({
      apps: [...ask().apps, galculator],
      flagsWanted: { clipboardRead: true, clipboardWrite: true },
    });
    const people = [presses('Escape'), presses('Tab', 'Return'), presses('Return'), presses('Tab', 'Return')];
    expect(await answerOf(request, people)).toEqual({
      outcome: 'answered',
      decisions: [
        { asked: app, decision: 'deny', scope: 'once' },
        { asked: galculator.app, decision: 'allow', scope: 'once' },
      ],
      flags: { clipboardRead: false, clipboardWrite: true },
    });
  });

  test('does not ask for further rights when every application is denied', async () => {
    const request = ask({ flagsWanted: { clipboardRead: true } });
    expect(await answerOf(request, [presses('Return')])).toEqual(single('deny', 'once'));
  });

  test('is not fooled by variables that change what zenity answers', async () => {
    const answer = await answerOf(ask(), [presses('Escape')], { ZENITY_ESC: '0', DIALOG_CANCEL: '0' });
    expect(answer).toEqual(single('deny', 'once'));
  });
});

describe.runIf(isLinux)('the process of a dialog', { timeout: 300_000 }, () => {
  const groupOf = (pid: number): string | undefined =>
    readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[2];
  const isThere = (pid: number): boolean => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8') !== '';
    } catch {
      return false;
    }
  };

  test('is in our process group, is announced, and is gone and reaped after an abort', async () => {
    const screen = await openScreen();
    const controller = new AbortController();
    const seen: [string, boolean][] = [];
    const groups = new Set<string | undefined>();
    const channel = zenityChannel({
      env: screen.env,
      onDialog: (pid, state) => {
        seen.push([state, isThere(pid)]);
        if (state === 'closed') return;
        groups.add(groupOf(pid)).add(groupOf(process.pid));
        void screen.shown(pid).then(() => controller.abort(new Error('cancelled')));
      },
    });
    await expect(channel.ask(ask(), controller.signal)).rejects.toThrow('cancelled');
    expect(groups.size).toBe(1);
    expect(seen).toEqual([
      ['opened', true],
      ['closed', false],
    ]);
  });

  test('is killed when it does not heed the request to end', async () => {
    const zenityPath = join(temporaryFolder(), 'stubborn');
    writeFileSync(
      zenityPath,
      `#!${process.execPath}\nprocess.on('SIGTERM', () => console.log('no'));setInterval(() => 1, 1000);\n`,
      { mode: 0o700 },
    );
    const gone: boolean[] = [];
    const channel = zenityChannel({
      zenityPath,
      env: { DISPLAY: ':none' },
      onDialog: (pid, state) => {
        if (state === 'closed') gone.push(!isThere(pid));
      },
    });
    await expect(channel.ask(ask(), AbortSignal.timeout(500))).rejects.toThrow('timeout');
    expect(gone).toEqual([true]);
  });

  test('that never shows a window is no answer', async () => {
    const missing = zenityChannel({ zenityPath: '/nonexistent/zenity', env: { DISPLAY: ':none' } });
    await expect(missing.ask(ask(), unending)).rejects.toThrow('ENOENT');
    const noServer = zenityChannel({ env: { DISPLAY: ':none', PATH: '/usr/bin' } });
    await expect(noServer.ask(ask(), unending)).rejects.toThrow('showed no dialog');
    const noDisplay = zenityChannel({ env: { PATH: '/usr/bin' } });
    expect(await noDisplay.ask(ask(), unending)).toEqual({
      outcome: 'unavailable',
      why: 'there is no display',
    });
  });
});
