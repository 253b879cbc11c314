import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLedger, sha256, verifyFolder, type Ledger } from '../../src/index.ts';
import { ledgerFiles, origin, temporaryFolder } from '../fixture.ts';

/** A folder whose one writer still lives, with one call and one recorded text. */
function livingLedger(): { readonly folder: string; readonly ledger: Ledger } {
  const folder = join(temporaryFolder(), 'ledger');
  const ledger = openLedger({ folder, ...origin, recording: true });
  onTestFinished(() => ledger.close());
  const { seq } = ledger.append({ phase: 'intent', name: 'type' });
  ledger.append({ phase: 'outcome', ref: seq, name: 'type' });
  ledger.record?.(Buffer.from('typed'));
  return { folder, ledger };
}

const replacements = [
  ['a link to a copy', (path: string, aside: string) => symlinkSync(aside, path)],
  ['a pipe', (path: string) => void spawnSync('mkfifo', [path])],
  ['a folder', (path: string) => mkdirSync(path)],
] as const;

describe.skipIf(process.platform === 'win32').each(replacements)('%s', (_name, replace) => {
  test.each(['anchors.jsonl', 'the rows', 'the blob', 'blobs'])('in place of %s shows', (what) => {
    const { folder } = livingLedger();
    const paths: Record<string, string> = {
      'the rows': ledgerFiles(folder)[0] ?? '',
      'the blob': join(folder, 'blobs', sha256('typed')),
    };
    const path = paths[what] ?? join(folder, what);
    if (what === 'blobs' && replace === replacements[2][1]) return;
    const aside = join(temporaryFolder(), 'aside');
    renameSync(path, aside);
    replace(path, aside);
    expect(verifyFolder(folder).ok).toBe(false);
    rmSync(path, { recursive: true });
    renameSync(aside, path);
    expect(verifyFolder(folder)).toMatchObject({ ok: true, rows: 2, blobs: 1 });
  });
});

describe('in a ledger folder whose writer lives', () => {
  test.each([
    ['anchors.jsonl', '\n'],
    ['anchors.jsonl', 'x'],
    ['rows', 'x'],
    ['rows', '\n'],
  ])('what was added to the end of %s shows', (what, added) => {
    const { folder } = livingLedger();
    const path = what === 'rows' ? (ledgerFiles(folder)[0] ?? '') : join(folder, what);
    const intact = readFileSync(path);
    appendFileSync(path, added);
    expect(verifyFolder(folder).ok).toBe(false);
    writeFileSync(path, intact);
    expect(verifyFolder(folder).ok).toBe(true);
  });

  test('a last row that a crash tore is no problem', () => {
    const { folder } = livingLedger();
    const [path = ''] = ledgerFiles(folder);
    const intact = readFileSync(path);
    writeFileSync(path, intact.subarray(0, -5));
    expect(verifyFolder(folder)).toMatchObject({ ok: true, rows: 1 });
    writeFileSync(path, intact);
  });

  test('a changed end of the last row shows', () => {
    const { folder } = livingLedger();
    const [path = ''] = ledgerFiles(folder);
    const intact = readFileSync(path);
    writeFileSync(path, Buffer.concat([intact.subarray(0, -1), Buffer.from('\r')]));
    expect(verifyFolder(folder).problems).toMatchObject([{ problem: 'the end of the line was changed' }]);
    writeFileSync(path, intact);
    expect(verifyFolder(folder).ok).toBe(true);
  });

  test('an anchor that stands there twice shows', () => {
    const { folder } = livingLedger();
    const path = join(folder, 'anchors.jsonl');
    const intact = readFileSync(path, 'utf8');
    appendFileSync(path, intact);
    expect(verifyFolder(folder).problems).toMatchObject([{ problem: 'stands there twice' }]);
    writeFileSync(path, intact);
    expect(verifyFolder(folder).ok).toBe(true);
  });

  test('anchors that were cut show by its next anchor', () => {
    const folder = join(temporaryFolder(), 'ledger');
    const first = openLedger({ folder, ...origin });
    first.close();
    const ledger = openLedger({ folder, ...origin });
    const path = join(folder, 'anchors.jsonl');
    const [line = ''] = readFileSync(path, 'utf8').split('\n').slice(-2);
    rmSync(first.path);
    writeFileSync(path, `${line}\n`);
    ledger.close();
    expect(verifyFolder(folder)).toMatchObject({ ok: false });
  });

  test('strangers among what was recorded show, unfinished copies do not', () => {
    const { folder } = livingLedger();
    writeFileSync(join(folder, 'blobs', `${sha256('other')}.01234567`), 'oth');
    expect(verifyFolder(folder).ok).toBe(true);
    writeFileSync(join(folder, 'blobs', 'x'), '');
    expect(verifyFolder(folder).problems).toEqual([
      { file: 'blobs/x', problem: 'does not belong into a ledger folder' },
    ]);
  });
});

describe.skipIf(process.platform === 'win32')('a writer', () => {
  test.each(['ledger', 'file'])('whose %s was replaced by a copy refuses to go on', async (what) => {
    const { folder, ledger } = livingLedger();
    if (what === 'ledger') {
      renameSync(folder, `${folder}.old`);
      mkdirSync(folder);
      for (const name of readdirSync(`${folder}.old`).filter((each) => each !== 'blobs'))
        copyFileSync(join(`${folder}.old`, name), join(folder, name));
    } else {
      copyFileSync(ledger.path, `${folder}-copy`);
      renameSync(`${folder}-copy`, ledger.path);
    }
    await expect
      .poll(() => {
        try {
          ledger.append({ phase: 'note', name: 'lost' });
          return 'written';
        } catch (error) {
          return String(error);
        }
      })
      .toContain('moved, removed or replaced');
    expect(openLedger({ folder, ...origin }).append({ phase: 'note', name: 'kept' })).toMatchObject({
      seq: 1,
    });
  });

  test('refuses anchors that are no plain file', () => {
    const folder = join(temporaryFolder(), 'ledger');
    mkdirSync(folder);
    spawnSync('mkfifo', [join(folder, 'anchors.jsonl')]);
    expect(() => openLedger({ folder, ...origin })).toThrow('plain file');
    rmSync(join(folder, 'anchors.jsonl'));
    openLedger({ folder, ...origin }).close();
    expect(verifyFolder(folder).ok).toBe(true);
  });
});
