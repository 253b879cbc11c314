import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly servers: readonly string[];
  /** File for the results as JSON. */
  readonly json: string | undefined;
  /** The table goes into the README as well. */
  readonly isForReadme: boolean;
  readonly rounds: number;
  /** Of the browser server: hard pages, with verdicts instead of times. */
  readonly isForCases: boolean;
}

export type Command =
  | { readonly action: 'run'; readonly options: BenchOptions }
  | { readonly action: 'help' }
  | { readonly action: 'refuse'; readonly problem: string };

const DEFAULT_ROUNDS = 20;

export const helpFor = (known: readonly string[]): string => `Usage: npm run bench -- [server] [options]

Measures a server of this project and its peers in one run, in alternating rounds, and prints medians
and ratios. Peers are installed from npm into a folder for temporary files, at exact versions, and stay
there for the next run. Servers: ${known.join(', ')}; all of them without a name.

Options:
  --json FILE  Also write the medians as JSON
  --readme     Also put the medians into bench/README.md
  --cases      chrome only: the pages of the tests, ours and the peers on each, instead of times
  --rounds N   Rounds of the quickest measurements; slow ones take fewer (default ${DEFAULT_ROUNDS})
  -h, --help   Print this help
`;

function serversFrom(positionals: readonly string[], known: readonly string[]): readonly string[] {
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`there is no benchmark of "${unknown}"; there is one of ${known.join(', ')}`);
  }
  return positionals.length === 0 ? known : positionals;
}

/** Reads the command line. */
export function readOptions(argv: readonly string[], known: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        cases: { type: 'boolean', default: false },
        readme: { type: 'boolean', default: false },
        rounds: { type: 'string', default: String(DEFAULT_ROUNDS) },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { action: 'help' };
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1) {
      throw new Error(`--rounds takes a whole number from 1, not ${values.rounds}`);
    }
    const json = values.json === undefined ? undefined : resolve(values.json);
    const servers = serversFrom(positionals, known);
    if (values.cases && positionals.join() !== 'chrome') throw new Error('--cases goes with chrome alone');
    const options = { servers, json, isForReadme: values.readme, rounds, isForCases: values.cases };
    return { action: 'run', options };
  } catch (error) {
    return { action: 'refuse', problem: error instanceof Error ? error.message : String(error) };
  }
}
