import {
  appendFileSync,
  copyFileSync,
  cpSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLedger, parsePrintedAnchor, verifyFolder } from '../../src/index.ts';
import { hashedLine } from '../../src/hashed-line.ts';
import { ledgerRowSchema } from '../../src/row.ts';
import { printAnchor } from '../../src/verify/printed-anchor.ts';
import { containing, ledgerFiles, origin, randomNumbers, temporaryFolder } from '../fixture.ts';

const ANCHORS = 'anchors.jsonl';

function nextMillisecond(): void {
  const now = Date.now();
  while (Date.now() === now);
}

/** Four closed files of up to 24 rows, written two at a time. */
function ledgerFolder(): string {
  const folder = join(temporaryFolder(), 'ledger');
  for (const calls of [3, 12]) {
    const open = [openLedger({ folder, ...origin }), openLedger({ folder, ...origin })];
    for (let call = 0; call < calls; call++)
      for (const ledger of open) {
        const { seq } = ledger.append({ phase: 'intent', name: 'kéy', decision: { call } });
        ledger.append({ phase: 'outcome', ref: seq, name: 'kéy', ms: 1.5 });
      }
    for (const ledger of open) ledger.close();
    nextMillisecond(); // files are named by theirs, and of one millisecond have no order
  }
  return folder;
}

/** What `verifyFolder` says of a copy of the folder after a change. */
function after(folder: string, change: (copy: string) => void): ReturnType<typeof verifyFolder> {
  const copy = join(temporaryFolder(), 'copy');
  cpSync(folder, copy, { recursive: true });
  change(copy);
  const verdict = verifyFolder(copy);
  rmSync(copy, { recursive: true });
  return verdict;
}

function changeLines(path: string, change: (lines: string[]) => string[]): void {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  writeFileSync(
    path,
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

describe('a ledger folder', () => {
  test('holds as it was written', () => {
    const folder = ledgerFolder();
    const verdict = verifyFolder(folder);
    expect(verdict).toMatchObject({ ok: true, rows: 60, anchors: 8, problems: [], unfinished: [] });
    expect(verdict.files.map(({ rows, state }) => [rows, state])).toEqual([
      [6, 'closed'],
      [6, 'closed'],
      [24, 'closed'],
      [24, 'closed'],
    ]);
    expect(() => verifyFolder(join(folder, 'gone'))).toThrow(/^There is no ledger in .*gone: nothing was/);
  });

  test('is broken by any flipped bit of any file', () => {
    const folder = ledgerFolder();
    const random = randomNumbers(1);
    const unnoticed: string[] = [];
    for (const path of [...ledgerFiles(folder), join(folder, ANCHORS)]) {
      const intact = readFileSync(path);
      const last = [intact.length - 1, intact.length - 2];
      const anywhere = Array.from({ length: 250 }, () => Math.floor(random() * intact.length));
      for (const at of [...last, ...anywhere]) {
        const flipped = Buffer.from(intact);
        flipped[at] = (intact[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        writeFileSync(path, flipped);
        if (verifyFolder(folder).ok) unnoticed.push(`${basename(path)} ${at} of ${intact.length}`);
      }
      writeFileSync(path, intact);
    }
    expect(unnoticed).toEqual([]);
    expect(verifyFolder(folder).ok).toBe(true);
  });

  test('is broken by any dropped, repeated or moved row of any file', () => {
    const folder = ledgerFolder();
    const unnoticed: string[] = [];
    for (const path of ledgerFiles(folder)) {
      const intact = readFileSync(path);
      const rows = intact.toString('utf8').split('\n').length - 1;
      const changes: [string, (lines: string[], at: number) => string[]][] = [
        ['dropped', (lines, at) => lines.toSpliced(at, 1)],
        ['repeated', (lines, at) => lines.toSpliced(at, 0, lines[at] ?? '')],
        ['moved', (lines, at) => [...lines.toSpliced(at, 1), lines[at] ?? '']],
        ['cut', (lines, at) => lines.slice(0, at)],
      ];
      for (const [name, change] of changes)
        for (let at = 0; at < rows; at++) {
          if (name === 'moved' && at === rows - 1) continue;
          changeLines(path, (lines) => change(lines, at));
          if (verifyFolder(folder).ok) unnoticed.push(`${basename(path)} ${name} ${at}`);
          writeFileSync(path, intact);
        }
    }
    expect(unnoticed).toEqual([]);
  });

  test('is broken by any cut that takes more than nothing of a file', () => {
    const folder = ledgerFolder();
    const random = randomNumbers(3);
    for (const path of ledgerFiles(folder)) {
      const intact = readFileSync(path);
      for (let round = 0; round < 30; round++) {
        truncateSync(path, Math.floor(random() * intact.length));
        expect(verifyFolder(folder).ok).toBe(false);
        writeFileSync(path, intact);
      }
    }
  });

  test('is broken by any missing, added or renamed file, which is named', () => {
    const folder = ledgerFolder();
    for (const [index, path] of ledgerFiles(folder).entries()) {
      const name = basename(path);
      const other = name.replace(/.{8}\.jsonl$/, '00000000.jsonl');
      const rows = index < 2 ? 6 : 24;
      const missing = { file: name, problem: `is missing; it had ${rows} rows or more` };
      const added = { file: other, problem: 'has no anchor: it was added, or its anchors were removed' };
      expect(after(folder, (copy) => rmSync(join(copy, name))).problems).toEqual([missing]);
      expect(after(folder, (copy) => copyFileSync(path, join(copy, other))).problems).toEqual([added]);
      const renamed = after(folder, (copy) => renameSync(join(copy, name), join(copy, other)));
      expect(renamed.problems).toEqual(expect.arrayContaining([missing, added]));
    }
    expect(after(folder, (copy) => writeFileSync(join(copy, 'notes.txt'), '')).problems).toEqual([
      { file: 'notes.txt', problem: 'does not belong into a ledger folder' },
    ]);
    expect(after(folder, (copy) => rmSync(join(copy, ANCHORS))).problems).toHaveLength(4);
  });

  test('is broken by rows that a forger chained to a closed file, or hashed anew', () => {
    const folder = ledgerFolder();
    const [, path = ''] = ledgerFiles(folder);
    const name = basename(path);
    const appended = after(folder, (copy) =>
      changeLines(join(copy, name), (lines) => {
        const last = ledgerRowSchema.parse(JSON.parse(lines.at(-1) ?? ''));
        const forged = {
          ...last,
          seq: last.seq + 1,
          phase: 'note',
          ref: undefined,
          prev: last.hash,
          hash: undefined,
        };
        return [...lines, hashedLine(forged, last.hash).line];
      }),
    );
    expect(appended.problems).toEqual([
      { file: name, line: 7, problem: 'was added after the file ended with 6 rows' },
    ]);
    const rewritten = after(folder, (copy) =>
      changeLines(join(copy, name), (lines) => {
        const last = ledgerRowSchema.parse(JSON.parse(lines.at(-1) ?? ''));
        return [...lines.slice(0, -1), hashedLine({ ...last, ms: 9, hash: undefined }, last.prev).line];
      }),
    );
    expect(rewritten.problems).toMatchObject([
      { file: name, line: 6, problem: containing('not the row that stood there') },
    ]);
  });

  test('is broken by any dropped or moved anchor, but the last', () => {
    const folder = ledgerFolder();
    for (let at = 0; at < 7; at++) {
      const path = (copy: string): string => join(copy, ANCHORS);
      expect(after(folder, (copy) => changeLines(path(copy), (lines) => lines.toSpliced(at, 1))).ok).toBe(
        false,
      );
      const moved = (lines: string[]): string[] => [...lines.toSpliced(at, 1), lines[at] ?? ''];
      expect(after(folder, (copy) => changeLines(path(copy), moved)).ok).toBe(false);
    }
  });
});

describe('a printed anchor', () => {
  const printed = (folder: string): string =>
    printAnchor(verifyFolder(folder), readFileSync(join(folder, ANCHORS)), new Date());

  const against = (folder: string, text: string): ReturnType<typeof verifyFolder> => {
    const anchor = parsePrintedAnchor(text);
    if (anchor === undefined) throw new Error(`not an anchor: ${text}`);
    return verifyFolder(folder, { anchor });
  };

  test('holds while the folder grows, and not when it was put back to what it was before', () => {
    const folder = ledgerFolder();
    const before = join(temporaryFolder(), 'before');
    cpSync(folder, before, { recursive: true });
    const open = openLedger({ folder, ...origin });
    open.append({ phase: 'note', name: 'one' });
    const text = printed(folder);
    expect(text.split(' ')).toHaveLength(4);
    expect(against(folder, text).ok).toBe(true);
    open.append({ phase: 'note', name: 'two' });
    open.close();
    expect(against(folder, `  ${text}\n`).ok).toBe(true);
    expect(verifyFolder(before).ok).toBe(true);
    expect(against(before, text).problems).toMatchObject([
      { file: ANCHORS, problem: containing('does not begin with') },
      { file: basename(open.path), problem: 'is missing; it had 1 rows or more' },
    ]);
  });

  test('shows any cut of the anchors', () => {
    const folder = ledgerFolder();
    const text = printed(folder);
    const size = readFileSync(join(folder, ANCHORS)).length;
    for (const cut of [1, 2, 50, 500, size]) {
      const copy = join(temporaryFolder(), 'copy');
      cpSync(folder, copy, { recursive: true });
      truncateSync(join(copy, ANCHORS), size - cut);
      expect(against(copy, text).ok).toBe(false);
    }
  });

  test('is told from other text', () => {
    const text = printed(ledgerFolder());
    expect(parsePrintedAnchor(text)).toBeDefined();
    for (const other of ['', 'hello', `x${text}`, `${text} etc`, text.slice(0, -3)])
      expect(parsePrintedAnchor(other)).toBeUndefined();
  });
});

test('heads are anchored while a writer runs, so that a cut tail shows before it is closed', () => {
  const folder = temporaryFolder();
  const ledger = openLedger({ folder, ...origin });
  for (let row = 0; row < 5000; row++) ledger.append({ phase: 'note', name: 'tick' });
  expect(verifyFolder(folder)).toMatchObject({ ok: true, anchors: 2 });
  const lines = readFileSync(ledger.path, 'utf8').split('\n');
  truncateSync(ledger.path, Buffer.byteLength(lines.slice(0, 4000).join('\n')) + 1);
  expect(verifyFolder(folder).problems).toMatchObject([
    {
      file: basename(ledger.path),
      problem: containing('was cut: it has 4000 rows, and had 4096 by'),
    },
  ]);
  appendFileSync(ledger.path, lines.slice(4000).join('\n'));
  expect(verifyFolder(folder).ok).toBe(true);
  ledger.close();
  expect(verifyFolder(folder).ok).toBe(true);
});
