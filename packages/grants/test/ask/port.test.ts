import { expect, test } from 'vitest';
import { mattersOf } from '../../src/ask/matter.ts';
import { matterText, paragraphs } from '../../src/ask/question-text.ts';
import {
  decide,
  formatResource,
  requestDigest,
  requestFormSchema,
  type AskedPort,
  type PortRequest,
} from '../../src/index.ts';

const DATABASE = { port: 5432, direction: 'reach' } as const;

const ask = (port: AskedPort): PortRequest => ({
  ...{ kind: 'port', port, reason: 'to read the rows', mayAlways: true, timeoutMs: 1_000 },
});

test('a person is told which port, and what it opens in which direction', () => {
  const textOf = (port: AskedPort): string =>
    mattersOf(ask(port))
      .map((matter) => paragraphs(matterText(ask(port), matter, 1)))
      .join();
  expect(textOf(DATABASE)).toContain('port 5432 of this computer');
  expect(textOf(DATABASE)).toContain('its commands use whatever listens there');
  expect(textOf({ ...DATABASE, direction: 'share' })).toContain('for every program and every user');
});

test('another port or direction is another question, and no other thing is allowed or denied', () => {
  const others: readonly AskedPort[] = [
    { port: 5433, direction: 'reach' },
    { port: 5432, direction: 'share' },
  ];
  const resource = { kind: 'port' as const, ...DATABASE };
  for (const decision of ['allow', 'deny'] as const) {
    const decided = (port: AskedPort) => decide([{ resource, decision }], { kind: 'port', ...port }).decision;
    expect([DATABASE, ...others].map(decided)).toEqual([decision, 'unset', 'unset']);
  }
  expect(new Set([DATABASE, ...others].map((port) => requestDigest(ask(port)))).size).toBe(3);
  expect(formatResource(resource)).toBe('port:5432:reach');
});

test('a question about what is no port does not leave this process', () => {
  const form = (port: number) =>
    requestFormSchema.safeParse({
      ...{ kind: 'port', port: { port, direction: 'reach' }, reason: '', mayAlways: true },
    }).success;
  expect([1, 65_535, 0, 65_536, 1.5].map(form)).toEqual([true, true, false, false, false]);
});
