import { describe, expect, onTestFinished, test } from 'vitest';
import { kdialogChannel } from '../../src/ask/kdialog.ts';
import { mattersOf } from '../../src/ask/matter.ts';
import { osascriptChannel } from '../../src/ask/osascript.ts';
import { matterText, paragraphs } from '../../src/ask/question-text.ts';
import { zenityChannel } from '../../src/ask/zenity.ts';
import {
  askInOrder,
  decide,
  elicitationChannel,
  isShowable,
  listPending,
  openGrantStore,
  requestDigest,
  requestFormSchema,
  terminalChannel,
  type AskChannel,
  type CommandRequest,
  type FolderRequest,
} from '../../src/index.ts';
import { answerPending } from '../../src/pending-answer.ts';
import { containing, temporaryFolder } from '../fixture.ts';
import { fakeDialog } from './fake-dialog.ts';
import { answering, unending } from './request.ts';

const command = 'rm -rf build';
const cwd = '/sessions/s1/mnt/work';

/** An agent that wants to delete a folder. */
const ask = (
  changes: Partial<CommandRequest['command']> = {},
  { mayAlways = true }: { readonly mayAlways?: boolean } = {},
): CommandRequest => ({
  kind: 'command',
  command: {
    ...{ command, cwd, reasons: ['it deletes "build"'] },
    findings: [['Would go', '12 files, 3 MB']],
    ...changes,
  },
  reason: 'to <b>start</b>\nanew',
  mayAlways,
  timeoutMs: 60_000,
});

const folder: FolderRequest = {
  kind: 'folder',
  folder: {
    ...{ path: '/home/ada/notes', access: 'rw', name: '/sessions/s1/mnt/notes' },
    warnings: ['It has 40,000 files.'],
  },
  reason: '',
  mayAlways: true,
  timeoutMs: 60_000,
};

const textOf = (request: CommandRequest | FolderRequest): string => {
  const [matter] = mattersOf(request);
  if (matter === undefined) throw new Error('the request asks for nothing');
  return paragraphs(matterText(request, matter, 1));
};

async function storeIn(home: string) {
  const store = await openGrantStore({ home });
  onTestFinished(() => store.close());
  return store;
}

describe('a question about a command', () => {
  test('shows all of it, where it runs, what is against it and what would go', () => {
    expect(textOf(ask())).toBe(
      [
        'Let an agent run a command?',
        [
          'Command: rm -rf build',
          'In: /sessions/s1/mnt/work',
          'Would go: 12 files, 3 MB',
          'Access: for longer than this time it is allowed for exactly this, in this folder',
          'Warning: it deletes "build"',
        ].join('\n'),
        'The agent says (its own words, not checked): “to start anew”',
      ].join('\n\n'),
    );
    expect(textOf(ask({ rule: 'rm -rf *' }))).toContain('for every command of the form: rm -rf *');
  });

  test('leaves nothing of it unseen', () => {
    const lines = textOf(ask({ command: 'echo a\u202e\u200b\u00a0b\n\trm -rf  x # \u001b[2K' })).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        String.raw`Line 1: echo a\u{202e}\u{200b}\u{a0}b`,
        String.raw`Line 2: \u{9}rm -rf  x # \u{1b}[2K`,
      ]),
    );
    const long = `${'x'.repeat(60)} `.repeat(30);
    expect(textOf(ask({ command: long }))).toContain(long);
  });

  test('is none when a person could not be shown the whole of it', () => {
    expect([command, 'x\n'.repeat(25), 'x'.repeat(2_001), ' \n'].map(isShowable)).toEqual([
      ...[true, false, false, false],
    ]);
    const form = { kind: 'command', reason: '', mayAlways: true };
    const about = { command, cwd, reasons: [], findings: [] };
    expect(requestFormSchema.safeParse({ ...form, command: about }).success).toBe(true);
    for (const wrong of [{ command: 'x'.repeat(2_001) }, { cwd: '/a/../b' }, { rule: 'r* x' }])
      expect(requestFormSchema.safeParse({ ...form, command: { ...about, ...wrong } }).success).toBe(false);
  });

  test('is another one in another folder, or with other characters', () => {
    const digests = [ask(), ask({ cwd: '/sessions/s1/mnt' }), ask({ command: 'rm  -rf build' })].map(
      requestDigest,
    );
    expect(new Set(digests).size).toBe(3);
  });

  test.each([
    ['once', 'once'],
    ['session', 'session'],
    ['always', 'always'],
  ] as const)('is answered at the client with %s', async (decision, scope) => {
    const offered: unknown[] = [];
    const client = elicitationChannel(({ message, requestedSchema }) => {
      offered.push(message, requestedSchema.properties['decision']);
      return Promise.resolve({ action: 'accept', content: { decision } });
    });
    expect(await askInOrder([client], ask(), unending)).toMatchObject({
      decisions: [{ asked: command, decision: 'allow', scope }],
    });
    expect(offered).toEqual([
      containing('An agent asks to run a command.\n\nCommand: rm -rf build\nIn: /sessions/s1'),
      {
        ...{ type: 'string', title: 'Decision', default: 'deny' },
        description:
          'deny; once: allow this one time; session: allow for this session; always: allow until revoked',
        enum: ['deny', 'once', 'session', 'always'],
      },
    ]);
  });

  test('is allowed for no longer than was offered', async () => {
    const forGood = answering({
      ...{ outcome: 'answered', flags: {} },
      decisions: [{ asked: command, decision: 'allow', scope: 'always' }],
    });
    const scopeOf = async (request: CommandRequest | FolderRequest): Promise<unknown> =>
      askInOrder([forGood], request, unending);
    expect(await scopeOf(ask({}, { mayAlways: false }))).toMatchObject({ decisions: [{ scope: 'once' }] });
    expect(await scopeOf(ask())).toMatchObject({ decisions: [{ scope: 'always' }] });
    expect(await scopeOf(folder)).toMatchObject({ decisions: [{ decision: 'deny' }] });
  });

  const dialogs: readonly [string, (path: string) => AskChannel, string][] = [
    ['kdialog', (kdialogPath) => kdialogChannel({ kdialogPath, env: { DISPLAY: ':9' } }), 'time\n'],
    ['zenity', (zenityPath) => zenityChannel({ zenityPath, env: { DISPLAY: ':9' } }), 'Allow this time\n'],
    ['osascript', (osascriptPath) => osascriptChannel({ osascriptPath, env: {} }), 'Allow this time\n'],
  ];
  test.each(dialogs)('is answered for one time or for the session in %s', async (name, channel, time) => {
    const session = name === 'kdialog' ? 'once\n' : 'Allow this session\n';
    const endings = [time, session, time].map((stdout) => ({ stdout, code: name === 'zenity' ? 1 : 0 }));
    const fake = fakeDialog(name, endings);
    for (const scope of ['once', 'session'])
      expect(await channel(fake.path).ask(ask(), unending)).toMatchObject({
        decisions: [{ asked: command, decision: 'allow', scope }],
      });
    // what was not offered allows nothing
    expect(await channel(fake.path).ask(folder, unending)).toMatchObject({
      decisions: [{ decision: 'deny' }],
    });
    expect(fake.runs()[0]?.argv.join(' ')).toContain('rm -rf build');
  });

  test('waits for a person at a terminal, whose answer is for this very command there', async () => {
    const home = temporaryFolder();
    const text = 'cd x &&\n  rm -rf build/*';
    const outcome = await askInOrder(
      [terminalChannel({ home, session: 's1' })],
      ask({ command: text }),
      unending,
    );
    const [shown] = listPending(home).requests;
    if (shown === undefined) throw new Error('nothing was left');
    expect(outcome).toMatchObject({ hint: containing(`answer ${shown.id} allow`) });
    const store = await storeIn(home);
    await answerPending({ home, store }, shown, { decision: 'allow', always: false, flags: {} });
    const rules = store.list({ subject: 's1', kinds: ['script'] });
    const verdictOn = (wanted: { text: string; cwd: string }) =>
      decide(rules, { kind: 'script', ...wanted }).decision;
    expect(verdictOn({ text, cwd })).toBe('allow');
    for (const other of [
      { text: `${text} `, cwd },
      { text, cwd: '/' },
    ])
      expect(verdictOn(other)).toBe('unset');
    expect(store.list({ subject: 's2', kinds: ['script'] })).toEqual([]);
  });
});

describe('a question about a folder', () => {
  test('names it as the person knows it and as the agent will see it', () => {
    expect(textOf(folder)).toBe(
      [
        'Let an agent use the folder /home/ada/notes?',
        [
          'Seen by the agent as: /sessions/s1/mnt/notes',
          'Access: read, change and delete everything in it',
          'Warning: It has 40,000 files.',
        ].join('\n'),
        'The agent gives no reason.',
      ].join('\n\n'),
    );
    const toRead: FolderRequest = { ...folder, folder: { ...folder.folder, access: 'ro' } };
    expect(textOf(toRead)).toContain('Access: read everything in it, and change nothing');
  });

  test('is answered for the session or for good, as a grant for it and all below it', async () => {
    const home = temporaryFolder();
    await askInOrder([terminalChannel({ home, session: 's1' })], folder, unending);
    const [shown] = listPending(home).requests;
    if (shown === undefined) throw new Error('nothing was left');
    const store = await storeIn(home);
    await answerPending({ home, store }, shown, { decision: 'allow', always: true, flags: {} });
    expect(store.list({ subject: 's2', kinds: ['folder'] })).toMatchObject([
      { resource: { kind: 'folder', path: '/home/ada/notes', access: 'rw' }, scope: 'always' },
    ]);
  });

  test.each(['/home/ada/\u202enotes', `/home/${'a'.repeat(200)}`, 'notes', '/home/ada/../bob'])(
    'is none when nobody could read %j for what it is',
    (path) => {
      const form = { kind: 'folder', reason: '', mayAlways: true };
      const about = { ...folder.folder };
      expect(requestFormSchema.safeParse({ ...form, folder: about }).success).toBe(true);
      expect(requestFormSchema.safeParse({ ...form, folder: { ...about, path } }).success).toBe(false);
    },
  );
});

test('deleting what no checkpoint holds is allowed for longer at those places, and the command is not', () => {
  const request = ask({ deletes: ['/home/ada/work/cache'], rule: 'rm -rf cache' });
  expect(textOf(request)).toContain('allowed to delete, with no way back: /home/ada/work/cache');
  const resource = { kind: 'deletion' as const, paths: ['/home/ada/work/cache'] };
  expect(mattersOf(request).map((matter) => matter.resource)).toEqual([resource]);
  expect(requestDigest(request)).not.toBe(requestDigest(ask({ rule: 'rm -rf cache' })));
  const decided = (decision: 'allow' | 'deny', path: string) =>
    decide([{ resource, decision }], { kind: 'deletion', path }).decision;
  const places = [
    '/home/ada/work/cache/a',
    '/home/ada/work/cache',
    '/home/ada/work',
    '/home/ada/work/cache2',
  ];
  expect(places.map((path) => decided('allow', path))).toEqual(['allow', 'allow', 'unset', 'unset']);
  expect(places.map((path) => decided('deny', path))).toEqual(['deny', 'deny', 'deny', 'unset']);
});
