import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Memory } from '../src/memory/memory.ts';
import { ownTools } from '../src/memory/tools.ts';
import { projectNotes } from '../src/prompt/project-notes.ts';

let home: string;
let memory: Memory;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deskhand-memory-'));
  memory = new Memory(home, ['/srv/invoices']);
});
afterEach(() => rmSync(home, { recursive: true }));

const folder = (): string => join(home, 'memory', readdirSync(join(home, 'memory'))[0] ?? '');
const versions = (): readonly string[] =>
  readdirSync(join(folder(), 'versions')).filter((name) => name.endsWith('.md'));

test('a session begins with the index of what earlier ones of the same folders wrote down', () => {
  memory.write('MEMORY.md', '- prices.md: prices of lamps');
  memory.write('prices.md', 'red: 12');
  const later = new Memory(home, ['/srv/invoices']);
  expect(later.beginning()).toEqual({ index: '- prices.md: prices of lamps', files: ['prices.md'] });
  expect(later.read('prices.md')).toBe('red: 12');
  expect(new Memory(home, ['/srv/other']).beginning()).toEqual({ index: '', files: [] });
});

test('each change keeps what was, also what a person changed by hand', () => {
  memory.write('prices.md', 'red: 12');
  writeFileSync(join(folder(), 'prices.md'), 'red: 13, by hand');
  memory.write('prices.md', 'red: 14');
  const texts = versions().map((name) => readFileSync(join(folder(), 'versions', name), 'utf8'));
  expect(texts.toSorted()).toEqual(['red: 12', 'red: 13, by hand', 'red: 14']);
  const rows = readFileSync(join(folder(), 'versions', 'changes.jsonl'), 'utf8')
    .trim()
    .split('\n');
  expect(rows).toHaveLength(2);
});

test.each(['../x.md', 'a/b.md', '.md', 'versions', 'x.txt', ''])('the name %j is refused', async (file) => {
  const tool = ownTools(memory).find(({ name }) => name === 'deskhand__remember');
  await expect(tool?.run({ file, text: 'x' })).rejects.toThrow('is no name');
  expect(await tool?.run({ file: 'ok.md', text: 'x' })).toBe('Kept.');
});

test('a long index is cut, and a text that is too long is refused', () => {
  memory.write('MEMORY.md', 'line\n'.repeat(500));
  expect(memory.beginning().index.split('\n')).toHaveLength(201);
  expect(() => memory.write('big.md', 'x'.repeat(100_001))).toThrow('Split it');
  memory.write('big.md', 'x'.repeat(100_000));
});

test('notes of a project are read from its folder, and not through a link', () => {
  writeFileSync(join(home, 'AGENTS.md'), 'Use tabs.');
  expect(projectNotes([{ path: home }])).toEqual([{ path: join(home, 'AGENTS.md'), text: 'Use tabs.' }]);
  rmSync(join(home, 'AGENTS.md'));
  symlinkSync('/etc/hostname', join(home, 'AGENTS.md'));
  expect(projectNotes([{ path: home }])).toEqual([]);
});
