import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeSandboxFolder, sweepSandboxFolders } from '../src/sandbox-folder.ts';
import { mayEnter } from '../src/user.ts';

function makeParent(): string {
  const parent = mkdtempSync(join(tmpdir(), 'deskhand-test-'));
  // a sandbox that root opens has another user
  chmodSync(parent, 0o755);
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return parent;
}

/** A process that opens a sandbox, whose folder is in `parent`, and closes it when it is told to. */
async function opener(parent: string) {
  const entry = pathToFileURL(new URL('../dist/index.js', import.meta.url).pathname).href;
  const script = `import { Sandbox } from '${entry}';
    const sandbox = await Sandbox.open({ session: 's1', command: ['/bin/sleep', '600'] }, AbortSignal.timeout(20000));
    process.stdin.once('data', async () => { await sandbox.close(); process.exit(); });
    console.log('open');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env['PATH'], TMPDIR: parent },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

/** A folder like that of this process, with the name of a process that has ended. */
async function ofTheDead(parent: string): Promise<string> {
  const child = spawn('true');
  await once(child, 'close');
  const own = await makeSandboxFolder(parent);
  rmSync(own, { recursive: true });
  const path = own.replace(`-${process.pid}.`, `-${child.pid ?? 0}.`);
  mkdirSync(path);
  return path;
}

const makeParts = (path: string): void => ['mnt', 'new'].forEach((name) => mkdirSync(join(path, name)));

test('what a process that was killed left goes with the next sandbox, and that of others in use stays', async () => {
  const parent = makeParent();
  const killed = await opener(parent);
  killed.kill('SIGKILL');
  await once(killed, 'close');
  const [left] = readdirSync(parent);
  expect(left).toMatch(/^deskhand-sandbox-/);
  const using = await opener(parent);
  const next = await opener(parent);
  expect(readdirSync(parent)).not.toContain(left);
  expect(readdirSync(parent)).toHaveLength(2);
  for (const child of [using, next]) {
    child.stdin.write('\n');
    await once(child, 'close');
  }
  expect(readdirSync(parent)).toEqual([]);
});

describe('of folders with such names', () => {
  test('those of the dead go, and those of the living and of other namespaces stay', async () => {
    const parent = makeParent();
    makeParts(await ofTheDead(parent));
    const living = await makeSandboxFolder(parent);
    makeParts(living);
    const dead = await ofTheDead(parent);
    const foreign = dead.replace(/\.\d+-(?=[^.]{6}$)/, '.1-');
    mkdirSync(foreign);
    mkdirSync(join(parent, 'deskhand-sandbox-abcdef'));
    await sweepSandboxFolders(parent);
    const stay = [living, foreign, join(parent, 'deskhand-sandbox-abcdef')].map((path) =>
      path.slice(parent.length + 1),
    );
    expect(readdirSync(parent).toSorted()).toEqual(stay.toSorted());
  });

  test('what is in one stays, and so does what a link in its place leads to', async () => {
    const parent = makeParent();
    const full = await ofTheDead(parent);
    makeParts(full);
    writeFileSync(join(full, 'mnt/file'), "somebody's");
    const elsewhere = makeParent();
    makeParts(elsewhere);
    const link = await ofTheDead(parent);
    rmSync(link, { recursive: true });
    symlinkSync(elsewhere, link);
    const inner = await ofTheDead(parent);
    symlinkSync(elsewhere, join(inner, 'mnt'));
    await sweepSandboxFolders(parent);
    expect(readdirSync(join(full, 'mnt'))).toEqual(['file']);
    expect(readdirSync(elsewhere).toSorted()).toEqual(['mnt', 'new']);
    expect(readdirSync(inner)).toEqual(['mnt']);
  });

  test.runIf(process.geteuid?.() === 0)('those of other users stay', async () => {
    const parent = makeParent();
    const [his, own] = [await ofTheDead(parent), await ofTheDead(parent)];
    chownSync(his, 1, 1);
    await sweepSandboxFolders(parent);
    expect([his, own].map((path) => readdirSync(parent).includes(path.slice(parent.length + 1)))).toEqual([
      true,
      false,
    ]);
  });
});

describe.runIf(process.geteuid?.() === 0)('started by root, where temporary files are for root alone', () => {
  function privateFolder(): string {
    const parent = makeParent();
    chmodSync(parent, 0o700);
    return parent;
  }

  test('a sandbox has its folder where its user may enter, and nothing of the other is opened', async () => {
    const parent = privateFolder();
    const before = readdirSync('/tmp');
    const child = await opener(parent);
    const made = readdirSync('/tmp').filter((name) => name.startsWith(`deskhand-sandbox-${child.pid ?? 0}.`));
    expect([made.length, readdirSync(parent), statSync(parent).mode & 0o777]).toEqual([1, [], 0o700]);
    expect(before).not.toEqual(expect.arrayContaining(made));
    child.stdin.write('end');
    await once(child, 'close');
    expect(readdirSync('/tmp')).not.toEqual(expect.arrayContaining(made));
  });

  test('a folder for everybody is used as it was given, also where it stands in one that only its owner lists', async () => {
    const above = privateFolder();
    chmodSync(above, 0o711);
    const parent = join(above, 'open');
    mkdirSync(parent, { mode: 0o755 });
    const child = await opener(parent);
    expect(readdirSync(parent)).toEqual([expect.stringMatching(`^deskhand-sandbox-${child.pid ?? 0}\\.`)]);
    child.stdin.write('end');
    await once(child, 'close');
    expect(readdirSync(parent)).toEqual([]);
  });

  test('who owns a folder enters it, others by their bits, and nobody past one above', async () => {
    const above = privateFolder();
    const inner = join(above, 'inner');
    mkdirSync(inner, { mode: 0o755 });
    const user = { uid: 65_534, gid: 65_534 };
    expect(await mayEnter({ uid: 0, gid: 0 }, inner)).toBe(true);
    expect(await mayEnter(user, inner)).toBe(false);
    chownSync(above, user.uid, 0);
    expect(await mayEnter(user, inner)).toBe(true);
    chmodSync(above, 0o011); // the bits of its owner count for its owner
    expect(await mayEnter(user, inner)).toBe(false);
    chownSync(above, 0, user.gid);
    chmodSync(above, 0o710);
    expect(await mayEnter(user, inner)).toBe(true);
    expect(await mayEnter(user, join(inner, 'missing'))).toBe(false);
  });
});
