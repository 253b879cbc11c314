import { DEFAULT_LIMITS } from '@deskhand/sandbox';
import { describe, expect, test } from 'vitest';
import { config } from '../src/config.ts';
import { hitWords, limitsOf, mayHaveHit } from '../src/limits.ts';
import { startServer } from './lab/server-process.ts';

const MIB = 1024 ** 2;

test('limits are those of the sandbox unless they are told otherwise', () => {
  expect(limitsOf(config.schema.parse({}))).toEqual(DEFAULT_LIMITS);
  const options = { memory: 128, processes: 64, scratch: 5, fileSize: 16, cpu: 9 };
  expect(limitsOf(config.schema.parse(options))).toEqual({
    ...{ memoryBytes: 128 * MIB, processes: 64, scratchBytes: 5 * MIB },
    ...{ fileBytes: 16 * MIB, cpuSeconds: 9 },
  });
});

test.each([
  ['bash: fork: Interrupted system call', 1],
  ['bash: line 3: fork: retry: Resource temporarily unavailable', 0],
  ['sh: 1: Cannot fork: Resource temporarily unavailable', 2],
])('%s, with the exit code %i, is told to be of the limit of processes', (printed, exitCode) => {
  expect(hitWords([], { exitCode, printed }, DEFAULT_LIMITS).join()).toContain('--processes');
  expect(hitWords([], { exitCode, printed: `said ${printed.slice(0, 8)}` }, DEFAULT_LIMITS)).toEqual([]);
});

const OPTIONS = ['--memory', '128', '--processes', '48', '--scratch', '4', '--file-size', '16', '--cpu', '2'];
const MAY_BE = 'What it printed may be of a limit: there are ';

/** What is done too much, what the answer says of it, and the same within the limit. */
const TABLE: readonly (readonly [string, string, RegExp, string])[] = [
  [
    'memory of a program',
    'python3 -c "x = b\'a\' * 400_000_000"',
    /128 MiB of memory.* raise (?:it|that) with --memory/,
    'python3 -c "x = b\'a\' * 4_000_000"',
  ],
  [
    'processes',
    'for i in $(seq 90); do sleep 3 & done 2>&1 | tail -1; pkill sleep',
    /48 processes and threads.* raise (?:it|that) with --processes/,
    'for i in $(seq 9); do sleep 1 & done; wait',
  ],
  [
    '/tmp',
    'head -c 8M /dev/zero > /tmp/a; rc=$?; (exit $rc)',
    /The home folder or \/tmp is full, with 4 MiB\. .* raise it with --scratch/,
    'rm -f /tmp/a; head -c 2M /dev/zero > /tmp/a',
  ],
  [
    'the home folder, by a program that cleans up',
    'dd if=/dev/zero of=$HOME/a bs=1M count=8; rm ~/a; false',
    /4 MiB in \/tmp and again at home, and a person can raise that with --scratch/,
    'dd if=/dev/zero of=$HOME/a bs=1M count=2; rm ~/a',
  ],
  [
    'the size of a file',
    'truncate -s 17M big',
    /a file of more than 16 MiB\. .* raise it with --file-size/,
    'truncate -s 15M big',
  ],
  [
    'the size of a file, to a program that goes on',
    'truncate -s 17M big; ls',
    /16 MiB for a file, and a person can raise that with --file-size/,
    'truncate -s 15M big; ls',
  ],
  [
    'the size of a file, to a program that catches it',
    "python3 -c \"open('big', 'wb').truncate(17 * 2**20)\"",
    /16 MiB for a file, and a person can raise that with --file-size/,
    "python3 -c \"open('big', 'wb').truncate(15 * 2**20)\"",
  ],
  [
    'processor time',
    'python3 -c "while True: pass"',
    /it was at work for 2 s\. .* raise it with --cpu/,
    'python3 -c "print(1)"',
  ],
];

const USERS: readonly (readonly [string, number | null])[] =
  process.geteuid?.() === 0
    ? [
        ['root', null],
        ['a user', 65_534],
      ]
    : [['a user', null]];

describe.each(USERS)('to a server that %s started', (_, uid) => {
  test('a command that hits a limit is told which one, how much there is and what raises it; within it, nothing', async () => {
    const server = await startServer(uid, { options: ['--approve', 'never-in-sandbox', ...OPTIONS] });
    const bash = async (command: string): Promise<string> =>
      (await server.call('Bash', { command, timeout: 40_000 })).text;
    for (const [what, tooMuch, words, enough] of TABLE) {
      expect(await bash(tooMuch), what).toMatch(words);
      expect(await bash(enough), `within: ${what}`).not.toMatch(/a person can raise/);
    }
    const each = `perl -e '$x = "x" x 60e6; sleep 2'`;
    const isForAll = !(await server.call('status', {})).text.includes('memory is limited for each process');
    const together = await bash(`${each} & ${each} & ${each} & ${each} & wait; false`);
    expect(together).toMatch(isForAll ? /all together took more than 128 MiB .* --memory/ : /^Exit code 1/);
    expect(await bash('echo still here')).toContain('> still here');
    await server.end();
  });
});

test('the limits that were set are in the words, and only a shell is believed where nothing failed', () => {
  const limits = { ...DEFAULT_LIMITS, processes: 48 };
  const printed = 'MemoryError: cannot allocate memory';
  expect(hitWords([], { exitCode: 1, printed }, limits)).toEqual([
    `${MAY_BE}8192 MiB of memory, and a person can raise that with --memory`,
  ]);
  expect(mayHaveHit({ exitCode: 0, printed })).toBe(false);
  const forked = { exitCode: 0, printed: 'bash: fork: retry: Resource temporarily unavailable' };
  expect(mayHaveHit(forked)).toBe(true);
  expect(hitWords([], forked, limits)).toEqual([
    `${MAY_BE}48 processes and threads, and a person can raise that with --processes`,
  ]);
  expect(hitWords([], { exitCode: 1, printed: 'CPU time limit exceeded' }, limits)).toEqual([]);
  expect(hitWords([], { exitCode: 1, printed: 'no such file' }, limits)).toEqual([]);
});
