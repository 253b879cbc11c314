import { parseArgs } from 'node:util';
import { SERVERS, TARGETS, faultsOf, fuzzTarget, type Target } from './target.ts';

const USAGE = 2;
const servers = Object.keys(SERVERS);

const HELP = `Usage: npm run fuzz:rpc -- [--calls N] [--server NAME] [--door NAME] [--seed N]

Sends calls that are wrong in every way to each server, up to 1,000 at once: tools that do not exist, arguments
that do not fit, messages that are no JSON, no JSON-RPC or of no protocol version, a megabyte long or nested
without end. The server has to live, to answer each with a proper error, and to keep its memory flat.

  --calls N      calls to each server, door and protocol (default 20000)
  --server NAME  ${servers.join(', ')} (default all)
  --door NAME    stdio, http (default both)
  --seed N       repeats the choices of an earlier run (default: from the clock)

Exits with 1 when an answer is not a proper error, none comes within 60 s, the server ends, or its memory grows
by more than 15 %.`;

interface Options {
  readonly calls: number;
  readonly seed: number;
  readonly targets: readonly Target[];
}

function optionsOf(argv: readonly string[]): Options | string {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      calls: { type: 'string', default: '20000' },
      server: { type: 'string' },
      door: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return HELP;
  const calls = Number(values.calls);
  const seed = Number(values.seed);
  if (!Number.isInteger(calls) || calls < 1)
    throw new Error(`--calls takes a whole number from 1, not ${values.calls}`);
  if (!Number.isInteger(seed)) throw new Error(`--seed takes a whole number, not ${values.seed}`);
  const targets = TARGETS.filter(
    ({ server, door }) => server === (values.server ?? server) && door === (values.door ?? door),
  );
  if (targets.length === 0)
    throw new Error(`--server takes ${servers.join(' or ')}, and --door takes stdio or http`);
  return { calls, seed, targets };
}

const count = (value: number | undefined): string => String(value ?? 0).padStart(6);

async function main(): Promise<number> {
  const options = optionsOf(process.argv.slice(2));
  if (typeof options === 'string') {
    console.log(options);
    return 0;
  }
  const { calls, seed, targets } = options;
  console.log(`Bad calls: ${calls} to each, seed ${seed}`);
  const faults: string[] = [];
  for (const target of targets) {
    const name = `${target.server}, ${target.door}, ${target.era}`;
    const onBatch = (done: number): void => {
      if (process.stdout.isTTY) process.stdout.write(`\r${name}: ${done} `);
    };
    const report = await fuzzTarget(target, { calls, seed, onBatch });
    const { answers, memory } = report;
    console.log(
      `${process.stdout.isTTY ? '\r' : ''}${name.padEnd(40)} ` +
        `${count(answers['protocol error'])} protocol errors ${count(answers['tool error'])} tool errors ` +
        `${count(answers['success'])} answered ${count(answers['nothing'])} without answer; ` +
        `memory ${memory.early.toFixed(0)} MB, at the end ${memory.late.toFixed(0)} MB`,
    );
    faults.push(...faultsOf(report).map((fault) => `${name}: ${fault}`));
  }
  for (const fault of faults) console.error(fault);
  console.log(
    faults.length === 0
      ? 'Every answer was a proper one.'
      : `${faults.length} faults; repeat with --seed ${seed}`,
  );
  return faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = USAGE;
}
