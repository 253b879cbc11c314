import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSession } from './lab/workspace.ts';
import { makeTree } from './lab/tree.ts';

const ROOT = '/sessions/work/mnt';

describe('what tools changed', () => {
  test('is listed and taken back by tools', async () => {
    const folder = makeTree();
    const call = await openSession([`work=${folder}`]);
    const file_path = `${ROOT}/work/a/b.txt`;
    expect((await call('checkpoint')).text).toBe('No steps.');
    await call('Write', { file_path, content: 'one\n' });
    await call('Edit', { file_path, old_string: 'one', new_string: 'two' });
    expect((await call('checkpoint')).text).toMatch(
      /^2 steps, the newest last:\n> 1 {2}\S+ \S+ {2}Write \S+\/work\/a\/b\.txt\n> 2 {2}.* Edit .* \(4 B more on disk\)$/,
    );
    expect((await call('undo', { dry_run: true })).text).toBe(
      `Undoing step 2 would change 1 path; nothing was changed.\n> as before: ${file_path}`,
    );
    expect((await call('undo')).text).toBe(
      `Undid step 2: 1 path changed. That is step 3, and can be undone.\n> as before: ${file_path}`,
    );
    expect(readFileSync(join(folder, 'a/b.txt'), 'utf8')).toBe('one\n');
    await call('undo', { to: 1 });
    expect(existsSync(join(folder, 'a'))).toBe(false);
  });

  test('of an earlier step goes back together with what later ones did to the same file', async () => {
    const folder = makeTree();
    writeFileSync(join(folder, 'a'), 'one\n');
    const call = await openSession([`work=${folder}`]);
    const file_path = `${ROOT}/work/a`;
    expect((await call('undo')).text).toBe('there is no step to undo. checkpoint lists them.');
    await call('Edit', { file_path, old_string: 'one', new_string: 'two' });
    await call('Write', { file_path: `${ROOT}/work/b`, content: 'x' });
    await call('Edit', { file_path, old_string: 'two', new_string: 'three' });
    expect((await call('undo', { step: 1 })).text).toBe(
      `nothing was undone: 1 of the paths changed again since, by step 3, or somebody else\n${file_path}: it would change by\n@@ line 1\n-three\n+one\n` +
        'With to: 1 they are taken back together. Keep those changes, or ask the person and set overwrite.',
    );
    appendFileSync(join(folder, 'b'), 'of the person');
    expect((await call('undo', { step: 2 })).text).toMatch(
      /changed again since, by the person or a command that was not kept\n[^]*\nKeep those changes/,
    );
    expect((await call('undo', { step: 9 })).text).toBe(
      'there is no step 9: there are 1 to 3. checkpoint lists them.',
    );
    expect((await call('undo', { step: 1, to: 1 })).code).toBe('invalid_arguments');
    await call('undo', { to: 1, overwrite: true });
    expect([readFileSync(join(folder, 'a'), 'utf8'), existsSync(join(folder, 'b'))]).toEqual([
      'one\n',
      false,
    ]);
  });

  test('is nothing since a checkpoint, and an earlier step has to be named then', async () => {
    const folder = makeTree();
    const call = await openSession([`work=${folder}`]);
    await call('Write', { file_path: `${ROOT}/work/a`, content: 'x' });
    await call('checkpoint', { label: 'so far' });
    expect((await call('undo')).text).toBe(
      'All is as it was before step 2, so there is nothing to undo. An earlier step has to be named: checkpoint lists them.',
    );
    expect((await call('undo', { step: 1 })).text).toMatch(/^Undid step 1: 1 path changed\./);
  });

  test('comes back when the undo of it is taken back, and it is said how to go further', async () => {
    const folder = makeTree();
    const call = await openSession([`work=${folder}`]);
    for (const name of ['a', 'b', 'c'])
      await call('Write', { file_path: `${ROOT}/work/${name}`, content: 'x' });
    expect((await call('undo')).text).toBe(
      `Undid step 3: 1 path changed. That is step 4, and can be undone.\n> removed: ${ROOT}/work/c`,
    );
    const further = 'To go further back, name step 2, or to: 2.';
    expect((await call('undo', { dry_run: true })).text).toContain(
      `nothing was changed. Step 4 is the undo of step 3: what that did would be there again. ${further}\n`,
    );
    expect((await call('undo')).text).toBe(
      'Undid step 4: 1 path changed. That is step 5, and can be undone. ' +
        `Step 4 was the undo of step 3: what that did is there again. ${further}\n> back again: ${ROOT}/work/c`,
    );
    expect((await call('undo')).text).toContain(
      `Step 5 was the undo of step 4: what that did is there again. ${further}`,
    );
    expect((await call('undo', { to: 2 })).text).toMatch(
      /^Undid steps 2, 3, 4, 5, 6: 1 path changed\. That is step 7, and can be undone\.\n/,
    );
    expect((await call('undo')).text).toContain(
      'Step 7 was the undo of steps 2, 3, 4, 5, 6: what those did is there again. To go further back, name step 1, or to: 1.',
    );
    await call('undo', { to: 1 });
    expect((await call('undo')).text).toMatch(/what those did is there again\.\n/);
  });

  test('makes no step when it was refused or only tried', async () => {
    const folder = makeTree();
    writeFileSync(join(folder, 'a'), 'one');
    const call = await openSession([`work=${folder}`]);
    const file_path = `${ROOT}/work/a`;
    expect((await call('Write', { file_path, content: 'x' })).code).toBe('not_read');
    expect((await call('Edit', { file_path, old_string: 'no', new_string: 'x' })).code).toBe('no_match');
    await call('Edit', { file_path, old_string: 'one', new_string: 'x', dry_run: true });
    expect((await call('checkpoint')).text).toBe('No steps.');
  });

  test('can be gone back to from a point that was named, except what the person did', async () => {
    const folder = makeTree();
    writeFileSync(join(folder, 'a'), 'one\n');
    const call = await openSession([`work=${folder}`]);
    expect((await call('checkpoint', { label: 'before I tidy up' })).text).toBe('Kept as step 1.');
    await call('Edit', { file_path: `${ROOT}/work/a`, old_string: 'one', new_string: 'two' });
    await call('undo', { to: 1 });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one\n');
    appendFileSync(join(folder, 'a'), 'of the person\n');
    const refused = await call('undo', { to: 1 });
    expect([refused.code, refused.text]).toEqual([
      'changed_since',
      expect.stringContaining('-of the person'),
    ]);
    await call('undo', { to: 1, overwrite: true });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one\n');
    const kept = await openSession([`work=${folder}:ro`]);
    expect((await kept('checkpoint', { label: 'x' })).code).toBe('nothing_to_keep');
  });

  test('through a link is kept where the link leads', async () => {
    const folder = makeTree();
    const call = await openSession([`work=${folder}`]);
    await call('Write', { file_path: `${ROOT}/work/real/a`, content: 'one' });
    const { symlinkSync } = await import('node:fs');
    symlinkSync(`${ROOT}/work/real`, join(folder, 'link'));
    await call('Edit', { file_path: `${ROOT}/work/link/a`, old_string: 'one', new_string: 'two' });
    await call('undo');
    expect(readFileSync(join(folder, 'real/a'), 'utf8')).toBe('one');
    rmSync(join(folder, 'link'));
  });
});

test('the state of a session is told', async () => {
  const folder = makeTree();
  const call = await openSession([`work=${folder}`]);
  expect((await call('status')).text).toMatch(
    /^Folders: .*\/work \(rw\)\nSandbox: starts with the next call\n/,
  );
  await call('Write', { file_path: `${ROOT}/work/a`, content: 'one' });
  const { text } = await call('status');
  expect(text).toMatch(/\nSandbox: running/);
  expect(text).toMatch(/\nCheckpoints: 1 steps, 1 to 1, 0\.0 MiB$/);
});
