const ledgerModule = new URL('../dist/index.js', import.meta.url).href;

/**
 * What Node is started with to append to a ledger until it is killed or cannot; add the folder.
 * After each 64 rows it prints a line; every eighth time it gives way to timers and writes to the disk.
 */
export const endlessWriter: readonly string[] = [
  '--input-type=module',
  '--eval',
  `import { writeSync } from 'node:fs';
  import { openLedger } from '${ledgerModule}';
  const ledger = openLedger({ folder: process.argv[1], run: 'r', session: 's', actor: 'a', surface: 'desktop' });
  for (let calls = 1; ; calls++) {
    const { seq } = ledger.append({ phase: 'intent', name: 'step', decision: { filler: 'x'.repeat(calls % 700) } });
    ledger.append({ phase: 'outcome', ref: seq, name: 'step', ms: 1 });
    if (calls % 32 === 0) writeSync(1, '64 more\\n');
    if (calls % 256 === 0) await new Promise((resolve) => setImmediate(resolve));
  }`,
];
