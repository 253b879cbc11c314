import { chmodSync, chownSync, existsSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { askInOrder, hostChannel, type AskAnswer } from '../../src/index.ts';
import { isRoot, matching, temporaryFolder } from '../fixture.ts';
import { ask, galculator, unending } from './request.ts';

const { app } = ask().apps[0] ?? galculator;
const decisions = [{ asked: app, decision: 'allow', scope: 'once' }] as const;

const askedSchema = z.looseObject({ nonce: z.string(), digest: z.string() });
type Asked = z.infer<typeof askedSchema>;

interface Host {
  readonly path: string;
  readonly asked: Asked[];
}

/** A program that listens as the host of an agent does, and answers each question so. */
async function startHost(answer: (asked: Asked, socket: Socket) => void): Promise<Host> {
  const path = join(temporaryFolder(), 'host.sock');
  const asked: Asked[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    const lines = createInterface(socket);
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const question = askedSchema.parse(JSON.parse(line));
      asked.push(question);
      answer(question, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  chmodSync(path, 0o600);
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { path, asked };
}

const says =
  (message: (asked: Asked) => object | string) =>
  (asked: Asked, socket: Socket): void => {
    const answer = message(asked);
    socket.write(`${typeof answer === 'string' ? answer : JSON.stringify(answer)}\n`);
  };

const yes = says(({ nonce, digest }) => ({ nonce, digest, decisions, flags: { clipboardRead: true } }));
const answerOf = (path: string): Promise<AskAnswer> => hostChannel({ path }).ask(ask(), unending);
const allowed = { outcome: 'answered', decisions, flags: { clipboardRead: true } };

describe('the host', () => {
  test('is asked in words that cannot disguise anything, and its answer counts', async () => {
    const { path, asked } = await startHost(yes);
    const request = ask({ reason: 'to <b>add</b>\nup \u202e', flagsWanted: { clipboardRead: true } });
    expect(await hostChannel({ path }).ask(request, unending)).toEqual(allowed);
    expect(asked).toEqual([
      {
        v: 1,
        kind: 'ask',
        nonce: matching(/^[0-9a-f]{32}$/),
        digest: matching(/^[0-9a-f]{64}$/),
        timeoutMs: 60_000,
        request: {
          kind: 'app',
          apps: ask().apps,
          flagsWanted: { clipboardRead: true },
          reason: 'to add up',
          mayAlways: true,
        },
      },
    ]);
  });

  test('that cannot ask anyone is passed by', async () => {
    const { path } = await startHost(
      says(({ nonce, digest }) => ({ nonce, digest, unavailable: 'no window' })),
    );
    expect(await answerOf(path)).toEqual({ outcome: 'unavailable', why: 'no window' });
    expect(await answerOf(join(temporaryFolder(), 'none.sock'))).toEqual({
      outcome: 'unavailable',
      why: 'no host is listening',
    });
  });

  test('is given up with the call', async () => {
    const { path } = await startHost(() => undefined);
    const outcome = await askInOrder([hostChannel({ path })], ask({ timeoutMs: 100 }), unending);
    expect(outcome).toMatchObject({ outcome: 'denied', code: 'no_answer_in_time' });
  });
});

describe('an answer of the host allows nothing', () => {
  let first: Asked | undefined;
  const answers: readonly [string, (asked: Asked, socket: Socket) => void][] = [
    ['without the nonce', says(({ digest }) => ({ digest, decisions, flags: {} }))],
    ['with another nonce', says(({ digest }) => ({ nonce: '0'.repeat(32), digest, decisions, flags: {} }))],
    ['about another request', says(({ nonce }) => ({ nonce, digest: '0'.repeat(64), decisions, flags: {} }))],
    ['that is malformed', says(({ nonce, digest }) => ({ nonce, digest, decisions: 'allow', flags: {} }))],
    ['with members it should not have', says((asked) => ({ ...asked, decisions, flags: {} }))],
    ['that is no JSON', says(() => 'yes')],
    ['that never ends', (_asked, socket) => socket.write('x'.repeat(1_000_000))],
    ['that breaks off', ({ nonce }, socket) => socket.end(`{"nonce":"${nonce}"`)],
    ['that does not come', (_asked, socket) => socket.destroy()],
  ];
  test.each(answers)('%s', async (_sentence, answer) => {
    const { path } = await startHost(answer);
    await expect(answerOf(path)).rejects.toThrow();
    expect(await askInOrder([hostChannel({ path })], ask(), unending)).toMatchObject({
      outcome: 'denied',
      code: 'nobody_to_ask',
    });
  });

  test('that was right the last time', async () => {
    const { path } = await startHost((asked, socket) => yes((first ??= asked), socket));
    expect(await answerOf(path)).toEqual(allowed);
    await expect(answerOf(path)).rejects.toThrow('the host answered another request');
  });
});

describe('a socket is not connected to', () => {
  test.each([0o660, 0o606, 0o640, 0o666])('with mode %o', async (mode) => {
    const { path, asked } = await startHost(yes);
    chmodSync(path, mode);
    expect(await answerOf(path)).toEqual({
      outcome: 'unavailable',
      why: `${path} is open to other users`,
    });
    expect(asked).toEqual([]);
    chmodSync(path, 0o600);
    expect(await answerOf(path)).toEqual(allowed);
  });

  test.runIf(isRoot)('when it belongs to another user', async () => {
    const { path, asked } = await startHost(yes);
    chownSync(path, 65534, 65534);
    expect(await answerOf(path)).toEqual({ outcome: 'unavailable', why: `${path} belongs to uid 65534` });
    expect(asked).toEqual([]);
  });

  test('when it is a link to one, or a file', async () => {
    const { path, asked } = await startHost(yes);
    const real = `${path}.real`;
    renameSync(path, real);
    symlinkSync(real, path);
    expect(await answerOf(path)).toEqual({ outcome: 'unavailable', why: `${path} is not a socket` });
    const file = `${path}.file`;
    writeFileSync(file, '', { mode: 0o600 });
    expect(await answerOf(file)).toEqual({ outcome: 'unavailable', why: `${file} is not a socket` });
    expect(asked).toEqual([]);
    expect(existsSync(real)).toBe(true);
  });

  test('in a folder where others could have put it', async () => {
    const { path, asked } = await startHost(yes);
    chmodSync(join(path, '..'), 0o777);
    await expect(answerOf(path)).rejects.toThrow('can be written by other users');
    expect(asked).toEqual([]);
  });
});
