const ledgerModule = new URL('../dist/index.js', import.meta.url).href;

/**
 * What Node is started with to append to a ledger until it is killed or cannot; add the folder.
 * After each 64 rows it prints a line.
 */
export const endlessWriter: readonly string[] = [
  '--input-type=module',
  '--eval',
  `import { writeSync } from 'node:fs';
  import { openLedger } from '${ledgerModule}';
  const ledger = openLedger({ folder: process.argv[1], run: 'r', session: 's', actor: 'a', surface: 'desktop' });
  for (let seq = 1; ; seq++) {
    ledger.append({ phase: 'note', name: 'step', decision: { filler: 'x'.repeat(seq % 700) } });
    if (seq % 64 === 0) writeSync(1, '64 more\\n');
  }`,
];
