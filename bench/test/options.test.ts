import { describe, expect, it } from 'vitest';
import { readOptions } from '../options.ts';

const KNOWN = ['computer-use', 'chrome'];

describe('the command line', () => {
  it('measures every server when none is named', () => {
    expect(readOptions([], KNOWN)).toEqual({
      action: 'run',
      options: { servers: KNOWN, json: undefined, isForReadme: false, rounds: 20, isForCases: false },
    });
  });

  it('takes a server, a file and rounds', () => {
    expect(readOptions(['chrome', '--json', '/tmp/out.json', '--rounds', '3'], KNOWN)).toEqual({
      action: 'run',
      options: {
        servers: ['chrome'],
        json: '/tmp/out.json',
        isForReadme: false,
        rounds: 3,
        isForCases: false,
      },
    });
  });

  it('judges cases of the browser server', () => {
    expect(readOptions(['chrome', '--cases'], KNOWN)).toEqual({
      action: 'run',
      options: { servers: ['chrome'], json: undefined, isForReadme: false, rounds: 20, isForCases: true },
    });
  });

  it.each([
    {
      argv: ['desktop'],
      problem: 'there is no benchmark of "desktop"; there is one of computer-use, chrome',
    },
    { argv: ['computer-use', '--cases'], problem: '--cases goes with chrome alone' },
    { argv: ['--rounds', '0'], problem: '--rounds takes a whole number from 1, not 0' },
  ])('refuses $argv', ({ argv, problem }) => {
    expect(readOptions(argv, KNOWN)).toEqual({ action: 'refuse', problem });
  });

  it('explains itself', () => {
    expect(readOptions(['--help'], KNOWN)).toEqual({ action: 'help' });
  });
});
