import { expect, test } from 'vitest';
import { machineSince, momentNow } from '../machine.ts';

test(
  'a line says how busy the machine was, by its load and by the start of a process',
  { timeout: 60_000 },
  async () => {
    const moment = await momentNow();
    expect(machineSince({ ...moment, startMs: 41.6 })).toMatch(
      /^\d+ cores, Node v\S+; load average before: (\d+\.\d ){2}\d+\.\d, after: (\d+\.\d ){2}\d+\.\d; a bare Node\.js started in 42 ms$/,
    );
    expect(moment.startMs).toBeGreaterThan(0);
  },
);
