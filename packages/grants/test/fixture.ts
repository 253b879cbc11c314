import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { GrantDraft } from '../src/index.ts';

export const isRoot = process.geteuid?.() === 0;

/** A folder of the test's own, removed when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'grants-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const mousepad = { kind: 'app', app: 'linux:/usr/bin/mousepad' } as const;

/** A person's lasting yes to an application, mousepad unless told. */
export const draft = (changes: Partial<GrantDraft> = {}): GrantDraft => ({
  subject: '*',
  resource: mousepad,
  decision: 'allow',
  scope: 'always',
  origin: 'person',
  ...changes,
});

/** What Node is started with to run code that finds this package, built, as `grants` and its arguments as `args`. */
export const nodeArguments = (code: string): readonly string[] => [
  '--input-type=module',
  '--eval',
  `import * as grants from '${new URL('../dist/index.js', import.meta.url).href}';
  const args = process.argv.slice(1);
  ${code}`,
];

/** Any text with this in it, to stand inside what is expected. */
export const containing = (text: string): unknown => expect.stringContaining(text);

/** Any text of this form, to stand inside what is expected. */
export const matching = (form: RegExp): unknown => expect.stringMatching(form);
