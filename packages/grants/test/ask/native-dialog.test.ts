import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DIALOG_MARK, nativeDialogChannel, type AskAnswer, type AskChannel } from '../../src/index.ts';
import { kdialogChannel } from '../../src/ask/kdialog.ts';
import { osascriptChannel } from '../../src/ask/osascript.ts';
import { powershellChannel } from '../../src/ask/powershell.ts';
import { temporaryFolder } from '../fixture.ts';
import { fakeDialog, type DialogEnding, type DialogRun } from './fake-dialog.ts';
import { ask, galculator, unending } from './request.ts';

type Choice = 'deny' | 'once' | 'always' | 'flag' | 'escape';

/** A dialog program: how it ends by what a person does, and where it shows text. */
interface Program {
  readonly name: string;
  readonly channel: (path: string, env?: Readonly<Record<string, string>>) => AskChannel;
  readonly endings: Readonly<Record<Choice, DialogEnding>>;
  readonly broken: DialogEnding;
  /** The choices that are offered, in order. */
  readonly choicesIn: (run: DialogRun) => readonly (string | undefined)[];
  readonly textIn: (run: DialogRun) => string;
}

const base = { DISPLAY: ':9', PATH: '/usr/bin' };
const labels = { deny: 'Deny', once: 'Allow this session', always: 'Always allow', flag: 'Allow' };
const printed = (end = '\n'): Omit<Record<Choice, DialogEnding>, 'escape'> => ({
  deny: { stdout: labels.deny + end },
  once: { stdout: labels.once + end },
  always: { stdout: labels.always + end },
  flag: { stdout: labels.flag + end },
});

const programs: readonly Program[] = [
  {
    name: 'kdialog',
    channel: (kdialogPath, env) => kdialogChannel({ kdialogPath, env: { ...base, ...env } }),
    endings: {
      deny: { stdout: 'deny\n' },
      once: { stdout: 'once\n' },
      always: { stdout: 'always\n' },
      flag: { stdout: 'flag\n' },
      escape: { code: 1 },
    },
    broken: { code: 1, stderr: 'qt.qpa.xcb: could not connect to display :9' },
    choicesIn: ({ argv }) =>
      argv.slice(argv.indexOf('--radiolist') + 2).filter((_argument, index) => index % 3 !== 0),
    textIn: ({ argv }) => argv[argv.indexOf('--radiolist') + 1] ?? '',
  },
  {
    name: 'osascript',
    channel: (osascriptPath, env) => osascriptChannel({ osascriptPath, env: { ...base, ...env } }),
    endings: { ...printed(), escape: { stdout: 'Deny\n' } },
    broken: { code: 1, stderr: 'execution error: No user interaction allowed. (-1713)' },
    choicesIn: ({ argv }) => argv.slice(5),
    textIn: ({ argv }) => argv[3] ?? '',
  },
  {
    name: 'powershell',
    channel: (powershellPath, env) => powershellChannel({ powershellPath, env: { ...base, ...env } }),
    endings: { ...printed(''), escape: {} },
    broken: { code: 1, stderr: 'Cannot show a modal dialog' },
    choicesIn: ({ env }) => (env['DESKHAND_DIALOG_BUTTONS'] ?? '').split('|'),
    textIn: ({ env }) => env['DESKHAND_DIALOG_TEXT'] ?? '',
  },
];

const { app } = ask().apps[0] ?? galculator;
const single = (decision: 'allow' | 'deny', scope: 'once' | 'always'): AskAnswer => ({
  outcome: 'answered',
  decisions: [{ asked: app, decision, scope }],
  flags: {},
});

describe.each(programs)('the dialog of $name', ({ name, channel, endings, broken, choicesIn, textIn }) => {
  const answers: readonly [Choice, AskAnswer][] = [
    ['deny', single('deny', 'once')],
    ['escape', single('deny', 'once')],
    ['once', single('allow', 'once')],
    ['always', single('allow', 'always')],
    ['flag', single('deny', 'once')],
  ];
  test.each(answers)('means what was chosen: %s', async (choice, expected) => {
    expect(await channel(fakeDialog(name, [endings[choice]]).path).ask(ask(), unending)).toEqual(expected);
  });

  test('denies whatever else is printed', async () => {
    for (const stdout of ['', 'Always allow it', 'once always', 'ALWAYS ALLOW', '1', 'true', 'deny\nonce']) {
      const { path } = fakeDialog(name, [{ stdout }]);
      expect(await channel(path).ask(ask(), unending)).toEqual(single('deny', 'once'));
    }
  });

  test('that never got onto the screen is no answer', async () => {
    const { path } = fakeDialog(name, [broken]);
    await expect(channel(path).ask(ask(), unending)).rejects.toThrow('showed no dialog');
    await expect(channel('/nonexistent/dialog').ask(ask(), unending)).rejects.toThrow('ENOENT');
  });

  test('asks for each application, then for each right of those allowed', async () => {
    const request = ask({
      apps: [...ask().apps, galculator],
      flagsWanted: { clipboardRead: true, clipboardWrite: true, systemKeyCombos: true },
    });
    const { deny, once, flag } = endings;
    const fake = fakeDialog(name, [deny, once, flag, deny, flag]);
    expect(await channel(fake.path).ask(request, unending)).toEqual({
      outcome: 'answered',
      decisions: [
        { asked: app, decision: 'deny', scope: 'once' },
        { asked: galculator.app, decision: 'allow', scope: 'once' },
      ],
      flags: { clipboardRead: true, clipboardWrite: false, systemKeyCombos: true },
    });
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = fake.runs().map(textIn);
    expect(first).toContain('Let an agent use Mousepad?');
    for (const part of [
      'Application 1 of 2',
      '/usr/bin/mousepad',
      'full (see it',
      'to write down the meeting',
    ])
      expect(first).toContain(part);
    expect(second).toContain('Warning: It remembers what was calculated.');
    for (const text of [third, fourth, fifth]) expect(text).toContain('While it uses: Galculator');
    expect([third, fourth].every((text) => text.includes('(the clipboard)?'))).toBe(true);
    expect(fifth).toContain('system shortcuts');
  });

  test('offers always only where it may be, and marks its process as ours', async () => {
    const fake = fakeDialog(name, [endings.deny]);
    await channel(fake.path).ask(ask(), unending);
    await channel(fake.path).ask(ask({ mayAlways: false }), unending);
    const [all = [], fewer = []] = fake.runs().map((run) => choicesIn(run));
    expect(all).toContain(labels.always);
    expect(fewer).toContain(labels.once);
    expect(fewer).not.toContain(labels.always);
    expect(fake.runs().map(({ env }) => env[DIALOG_MARK])).toEqual(['1', '1']);
  });

  const hostile = [
    '--yesno',
    '-e display dialog "x"',
    '</qt><b>Safe</b>&lt;',
    'a\nProgram: /usr/bin/safe',
    'x \\n y \\',
    '$(touch /tmp/x) `id` "; exit 0',
    '\'; return "Always allow"',
    '\u202egnp.exe\u2066 \u0000\u001b[2J',
    '|Always allow|',
  ];
  test.each(hostile)('shows hostile words %j as text on one line, and never as an option', async (words) => {
    const request = ask({
      reason: words,
      apps: [{ app, name: words, executable: words, tier: 'full', tierMeaning: words, warnings: [words] }],
    });
    const fake = fakeDialog(name, [endings.deny]);
    const calm = fakeDialog(name, [endings.deny]);
    expect(await channel(fake.path).ask(request, unending)).toEqual(single('deny', 'once'));
    await channel(calm.path).ask(ask({ apps: [{ ...galculator, app }] }), unending);
    const [run, same] = [fake.runs()[0], calm.runs()[0]];
    if (run === undefined || same === undefined) throw new Error('no dialog was shown');
    const without = ({ argv, env }: DialogRun, text: string) => ({
      argv: argv.map((argument) => (argument === text ? 'TEXT' : argument)),
      buttons: env['DESKHAND_DIALOG_BUTTONS'],
    });
    // nothing of it is anywhere but in the one text
    expect(without(run, textIn(run))).toEqual(without(same, textIn(same)));
    const linesOf = (text: string): number => text.split(/\r?\n|<br>/).length;
    expect(linesOf(textIn(run))).toBe(linesOf(textIn(same)));
    expect(textIn(run)).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069]/);
    expect(textIn(run)).toMatch(/^(?:Let an agent|<qt><h2>Let an agent)/);
  });
});

test('kdialog is handed rich text in which everything from outside is escaped', async () => {
  const fake = fakeDialog('kdialog', [{ stdout: 'deny' }]);
  const hostile = { ...galculator, app, name: '</h2><a href="x">Safe</a> \\n' };
  await kdialogChannel({ kdialogPath: fake.path, env: base }).ask(ask({ apps: [hostile] }), unending);
  expect(fake.runs()[0]?.argv[5]).toContain(
    '<h2>Let an agent use &lt;/h2&gt;&lt;a href=&quot;x&quot;&gt;Safe&lt;/a&gt; &#92;n?</h2>',
  );
});

describe('the native dialog', () => {
  const zenity = () => fakeDialog('zenity', [{ stdout: 'Always allow', code: 1 }]);
  const kdialog = () => fakeDialog('kdialog', [{ stdout: 'once' }]);
  const channelOf = (env: Readonly<Record<string, string>>) =>
    nativeDialogChannel({ platform: 'linux', env: { DISPLAY: ':9', ...env } });

  test('is zenity, under KDE kdialog, and the other one where only that is there', async () => {
    const [z, k] = [zenity(), kdialog()];
    const PATH = `${z.folder}:${k.folder}`;
    expect(await channelOf({ PATH }).ask(ask(), unending)).toEqual(single('allow', 'always'));
    const kde = { XDG_CURRENT_DESKTOP: 'KDE' };
    expect(await channelOf({ PATH, ...kde }).ask(ask(), unending)).toEqual(single('allow', 'once'));
    expect(await channelOf({ PATH: z.folder, ...kde }).ask(ask(), unending)).toEqual(
      single('allow', 'always'),
    );
    expect(await channelOf({ PATH: k.folder }).ask(ask(), unending)).toEqual(single('allow', 'once'));
  });

  test('is none without a display or a program, nor from a relative folder of the path', async () => {
    const folder = temporaryFolder();
    symlinkSync('/nonexistent', join(folder, 'zenity'));
    const why = 'neither zenity nor kdialog is installed';
    for (const PATH of ['', folder, '.', 'node_modules/.bin'])
      expect(await channelOf({ PATH }).ask(ask(), unending)).toEqual({ outcome: 'unavailable', why });
    expect(await channelOf({ DISPLAY: '', PATH: zenity().folder }).ask(ask(), unending)).toEqual({
      outcome: 'unavailable',
      why: 'there is no display',
    });
  });

  test.each([
    ['darwin', 'osascript'],
    ['win32', 'powershell'],
  ] as const)('on %s is %s', (platform, name) => {
    expect(nativeDialogChannel({ platform, env: {} }).name).toBe(name);
  });
});
