import { describe, expect, test } from 'vitest';
import { verdictOf } from './answer.ts';
import { TARGETS, faultsOf, fuzzTarget } from './target.ts';

/** The full length is `npm run fuzz:rpc`. */
const CALLS = 1500;

test.each(TARGETS)(
  '$server over $door in $era answers bad calls with proper errors, a thousand at once too',
  async (target) => {
    const seed = Date.now() % 1_000_000;
    const report = await fuzzTarget(target, { calls: CALLS, seed });
    expect(report.sent).toBe(CALLS);
    expect(faultsOf(report), `seed ${seed}`).toEqual([]);
    expect(report.answers['tool error']).toBeGreaterThan(0);
    expect(report.answers['protocol error']).toBeGreaterThan(0);
    expect(report.answers['broken'] ?? 0).toBe(0);
  },
);

describe('an answer', () => {
  test.each([
    ['protocol error', { jsonrpc: '2.0', id: 1, error: { code: -32_601, message: 'Method not found' } }],
    [
      'tool error',
      {
        jsonrpc: '2.0',
        id: 1,
        result: {
          isError: true,
          content: [{ type: 'text', text: 'no' }],
          structuredContent: { error: { code: 'no', message: 'no' } },
        },
      },
    ],
    ['success', { jsonrpc: '2.0', id: 1, result: {} }],
    ['broken', { jsonrpc: '2.0', id: 1, error: { code: 'x' } }],
    ['broken', { jsonrpc: '2.0', id: 1 }],
    ['broken', undefined],
  ] as const)('is a %s', (verdict, message) => {
    expect(verdictOf(message)).toBe(verdict);
  });
});

test('memory that grows by a fifth is a fault of a long run', () => {
  const report = { sent: 20_000, answers: {}, faults: [], memory: { early: 100, late: 120 } };
  expect(faultsOf(report)).toEqual(['memory grew by 20 %, to 120 MB']);
  expect(faultsOf({ ...report, memory: { early: 100, late: 114 } })).toEqual([]);
});
