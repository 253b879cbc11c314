import type { AppRequest, AskAnswer, AskChannel } from '../../src/index.ts';

/** An agent that wants mousepad for a reason. */
export const ask = (changes: Partial<AppRequest> = {}): AppRequest => ({
  kind: 'app',
  apps: [
    {
      app: 'linux:/usr/bin/mousepad',
      name: 'Mousepad',
      executable: '/usr/bin/mousepad',
      tier: 'full',
      tierMeaning: 'see it, click in it and type into it',
      warnings: [],
    },
  ],
  flagsWanted: {},
  reason: 'to write down the meeting',
  mayAlways: true,
  timeoutMs: 60_000,
  ...changes,
});

export const galculator = {
  app: 'linux:/usr/bin/galculator',
  name: 'Galculator',
  executable: '/usr/bin/galculator',
  tier: 'click',
  tierMeaning: 'see it and click in it',
  warnings: ['It remembers what was calculated.'],
} as const;

/** A person who gives this answer. */
export const answering = (answer: AskAnswer, name = 'person'): AskChannel => ({
  name,
  ask: () => Promise.resolve(answer),
});

export const unending = new AbortController().signal;
