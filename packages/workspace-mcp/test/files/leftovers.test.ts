import { lstatSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Files } from '../../src/files/files.ts';
import { newName } from '../../src/files/leftovers.ts';
import { makeTree } from '../lab/tree.ts';

const LONG_AGO = new Date(Date.now() - 3_600_000);

test('what a killed write left goes with the next write in that folder, and nothing else does', async () => {
  const [root, elsewhere] = [makeTree(), makeTree()];
  const files = new Files(root);
  const at = (name: string): string => join(root, name);
  const [dead, young, link, folder] = ['a', 'b', 'c', 'd'].map(newName);
  for (const name of [dead, young, '.a.0123456789ab.tmp', '.a.deskhand-new'])
    writeFileSync(at(`${name}`), 'x');
  writeFileSync(join(elsewhere, 'x'), 'x');
  symlinkSync(join(elsewhere, 'x'), at(`${link}`));
  mkdirSync(at(`${folder}`));
  for (const name of readdirSync(root)) {
    if (name !== young && !lstatSync(at(name)).isSymbolicLink()) utimesSync(at(name), LONG_AGO, LONG_AGO);
  }
  const before = readdirSync(root);
  await files.write({ path: at('new'), content: Buffer.from('x') }).finish();
  const left = before.filter((name) => name !== dead);
  expect(readdirSync(root)).toEqual([...left, 'new'].toSorted());
  expect(readdirSync(elsewhere)).toEqual(['x']);
});

test('a name as long as the disk takes is written too', async () => {
  const root = makeTree();
  const path = join(root, '語'.repeat(85));
  expect(await new Files(root).write({ path, content: Buffer.from('x') }).finish()).toMatchObject({
    created: true,
  });
  expect(readdirSync(root)).toEqual(['語'.repeat(85)]);
});
