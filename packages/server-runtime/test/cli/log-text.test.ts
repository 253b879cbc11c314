import { expect, test } from 'vitest';
import { logText } from '../../src/cli/log-text.ts';
import { createLog } from '../../src/index.ts';

function written(message: string, fields: Record<string, unknown>): string {
  let line = '';
  createLog({ level: 'info', write: (text) => (line = text) }).info(message, fields);
  return logText(line).replace(/^\S+ /, '');
}

test('what a client said cannot move the cursor, colour or begin a line of its own', () => {
  const evil = '\u001b[2J\u009b31m\u202e\rgone';
  const err = Object.assign(new Error('x'), { stack: `Error: ${evil}\n    at once` });
  expect(written(evil, { name: `a\n${evil}`, err }).replaceAll('\n', '|')).toBe(
    'info  \\u001b[2J\\u009b31m\\u202e\\u000dgone {"name":"a\\n\\u001b[2J\\u009b31m\\u202e\\rgone"}' +
      '|  Error: \\u001b[2J\\u009b31m\\u202e\\u000dgone|      at once',
  );
  expect(logText('no log line \u001b[31m')).toBe('no log line \\u001b[31m');
});

test('ordinary text stays as it is', () => {
  expect(written('ready: ä € 😀\t1', { pid: 1 })).toBe('info  ready: ä € 😀\t1 {"pid":1}');
});
