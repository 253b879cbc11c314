import { parseArgs } from 'node:util';
import { fuzzKill } from './fuzz.ts';

const USAGE = 2;

const HELP = `Usage: npm run fuzz:kill -- [--kills N] [--seed N]

Kills a server with SIGKILL at random moments while it writes grants and ledger rows, starts it again on what it
left behind, and looks: no grant that was answered as written may be gone, and the ledger has to verify.

  --kills N  how many times (default 200)
  --seed N   repeats the moments of an earlier run (default: from the clock)

Exits with 1 when anything was lost or the ledger does not verify.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [kills, seed] = [Number(values.kills), Number(values.seed)];
  if (!Number.isInteger(kills) || kills < 1)
    throw new Error(`--kills takes a whole number from 1, not ${values.kills}`);
  if (!Number.isInteger(seed)) throw new Error(`--seed takes a whole number, not ${values.seed}`);
  const onKill = (done: number): void => {
    if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${kills} kills `);
  };
  const { written, lost, broken, unknownOutcomes, startMs } = await fuzzKill({ kills, seed, onKill });
  const times = startMs.toSorted((a, b) => a - b);
  console.log(
    `${process.stdout.isTTY ? '\r' : ''}${kills} kills: ${written} grants written, ${lost.length} lost; ` +
      `${broken.length} faults in the ledger, ${unknownOutcomes} calls of unknown outcome; ` +
      `start to answer ${times.at(times.length >> 1)?.toFixed(0)} ms, at most ${times.at(-1)?.toFixed(0)} ms`,
  );
  for (const fault of [...lost.map((app) => `lost: ${app}`), ...broken].slice(0, 20)) console.error(fault);
  const isGood = lost.length === 0 && broken.length === 0;
  if (!isGood) console.log(`Repeat with --seed ${seed}`);
  return isGood ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = USAGE;
}
