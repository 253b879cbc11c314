import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { temporaryFolder } from '../fixture.ts';

const runSchema = z.object({ argv: z.array(z.string()), env: z.record(z.string(), z.string()) });

/** How a dialog program was run. */
export type DialogRun = Readonly<z.infer<typeof runSchema>>;

/** What the program does: what it prints, and how it ends. */
export interface DialogEnding {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

export interface FakeDialog {
  readonly path: string;
  readonly folder: string;
  runs(): readonly DialogRun[];
}

/** An executable that notes how it is run, and ends each time as the next of `endings` says, the last one again. */
export function fakeDialog(name: string, endings: readonly DialogEnding[]): FakeDialog {
  const folder = temporaryFolder();
  const [path, notes] = [join(folder, name), join(folder, 'runs.jsonl')];
  writeFileSync(
    path,
    `#!${process.execPath}
const fs = require('node:fs');
const endings = ${JSON.stringify(endings)};
const seen = fs.existsSync(${JSON.stringify(notes)}) ? fs.readFileSync(${JSON.stringify(notes)}, 'utf8').split('\\n').length - 1 : 0;
fs.appendFileSync(${JSON.stringify(notes)}, JSON.stringify({ argv: process.argv.slice(2), env: process.env }) + '\\n');
const { stdout = '', stderr = '', code = 0 } = endings[Math.min(seen, endings.length - 1)];
fs.writeSync(1, stdout);
fs.writeSync(2, stderr);
process.exitCode = code;
`,
    { mode: 0o700 },
  );
  return {
    path,
    folder,
    runs: () =>
      existsSync(notes)
        ? readFileSync(notes, 'utf8')
            .trim()
            .split('\n')
            .map((line) => runSchema.parse(JSON.parse(line)))
        : [],
  };
}
