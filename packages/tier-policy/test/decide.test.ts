import { describe, expect, it, test } from 'vitest';
import {
  DEFAULT_POLICY,
  decide,
  type Action,
  type AppGrant,
  type Decision,
  type DecisionRequest,
  type Policy,
  type Subject,
  type UnknownReason,
} from '../src/index.ts';
import {
  allow,
  combo,
  firefox,
  galculator,
  keepassxc,
  key,
  linux,
  mousepad,
  portal,
  python,
  subject,
  xterm,
} from './apps.ts';

const nobody = (reason: UnknownReason): Subject => ({ kind: 'unknown', reason });

const everything = [mousepad, galculator, xterm, firefox].map((app) => allow(app));

interface Given {
  readonly on?: Subject;
  readonly grants?: readonly AppGrant[];
  readonly policy?: Partial<Policy>;
}

/** The action on mousepad in front, with everything granted, unless said otherwise. */
const ask = (action: Action, frontmost: Subject = subject(mousepad), given: Given = {}): Decision => {
  const request: DecisionRequest = {
    action,
    frontmost,
    grants: given.grants ?? everything,
    policy: { ...DEFAULT_POLICY, ...given.policy },
    ...(given.on === undefined ? {} : { recipient: given.on }),
  };
  return decide(request);
};

const click: Action = { tool: 'left_click' };
const type: Action = { tool: 'type' };

describe('a refusal and its allowed twin', () => {
  const twins: readonly (readonly [string, Decision, string, Decision])[] = [
    ['not_granted', ask(click, subject(mousepad), { grants: [] }), 'granted', ask(click)],
    [
      'not_granted',
      ask(click, subject(mousepad), { on: subject(xterm), grants: [allow(mousepad)] }),
      'both granted',
      ask(click, subject(mousepad), { on: subject(xterm) }),
    ],
    [
      'tier_too_low',
      ask({ tool: 'middle_click' }, subject(mousepad), { on: subject(xterm) }),
      'plain click',
      ask(click, subject(mousepad), { on: subject(xterm) }),
    ],
    [
      'tier_too_low',
      ask(type, subject(firefox)),
      'reading',
      ask({ tool: 'read_page' }, subject(xterm), { on: subject(firefox) }),
    ],
    [
      'tier_too_low',
      ask({ ...click, withModifiers: true }, subject(xterm)),
      'without modifiers',
      ask(click, subject(xterm)),
    ],
    [
      'tier_too_low',
      ask(type, { ...subject(mousepad), kind: 'app', app: mousepad, hasTerminal: true }),
      'a click beside the shell',
      ask(click, { kind: 'app', app: mousepad, hasTerminal: true }),
    ],
    [
      'tier_too_low',
      ask(type, subject(mousepad), { grants: [allow(mousepad, { tier: 'click' })] }),
      'within the cap',
      ask(click, subject(mousepad), { grants: [allow(mousepad, { tier: 'click' })] }),
    ],
    [
      'denied_by_person',
      ask(click, subject(mousepad), { grants: [...everything, { app: key(mousepad), decision: 'deny' }] }),
      'another app',
      ask(click, subject(galculator), { grants: [...everything, { app: key(mousepad), decision: 'deny' }] }),
    ],
    [
      'denied_by_policy',
      ask(click, subject(mousepad), { policy: { denyApps: ['/usr/bin/mousepad'] } }),
      'another app',
      ask(click, subject(galculator), { policy: { denyApps: ['/usr/bin/mousepad'] } }),
    ],
    [
      'protected_app',
      ask(click, subject(keepassxc), { grants: [allow(keepassxc)] }),
      'no keepassxc',
      ask(click),
    ],
    ['protected_app', ask(click, subject({ ...mousepad, isSelf: true })), 'not ours', ask(click)],
    ['unknown_app', ask(click, nobody('no_window')), 'a window', ask(click)],
    [
      'unknown_app',
      ask(click, subject({ ...mousepad, executableDeleted: true })),
      'the same file',
      ask(click),
    ],
    [
      'foreign_grab',
      ask(type, subject(mousepad), { on: nobody('foreign_grab') }),
      'no grab',
      ask(type, subject(mousepad), { on: subject(mousepad) }),
    ],
    [
      'unknown_app',
      ask({ tool: 'focus_window' }),
      'a target',
      ask({ tool: 'focus_window' }, nobody('no_window'), { on: subject(firefox) }),
    ],
    ['combo_forbidden', ask({ tool: 'key' }), 'a named key', ask({ tool: 'key', combos: [combo('ctrl+s')] })],
    [
      'combo_forbidden',
      ask({ tool: 'key', combos: [combo('ctrl+s')] }, subject(mousepad), {
        policy: { forbidCombos: ['Ctrl+S'] },
      }),
      'another key',
      ask({ tool: 'key', combos: [combo('ctrl+a')] }, subject(mousepad), {
        policy: { forbidCombos: ['Ctrl+S'] },
      }),
    ],
    [
      'combo_needs_flag',
      ask({ tool: 'key', combos: [combo('a'), combo('super+l')] }),
      'with the flag',
      ask({ tool: 'key', combos: [combo('super+l')] }, subject(mousepad), {
        grants: [allow(mousepad, { flags: { systemKeyCombos: true } })],
      }),
    ],
    [
      'clipboard_needs_flag',
      ask({ tool: 'read_clipboard' }),
      'with the flag',
      ask({ tool: 'read_clipboard' }, subject(mousepad), {
        grants: [allow(mousepad, { flags: { clipboardRead: true } })],
      }),
    ],
    [
      'clipboard_needs_flag',
      ask({ tool: 'write_clipboard' }, subject(mousepad), {
        grants: [allow(mousepad, { flags: { clipboardRead: true } })],
      }),
      'with the flag',
      ask({ tool: 'write_clipboard' }, subject(mousepad), {
        grants: [allow(mousepad, { flags: { clipboardWrite: true } })],
      }),
    ],
    [
      'unknown_app',
      ask(click, subject(portal)),
      'the file dialog of a granted app',
      ask(click, { kind: 'app', app: portal, parent: subject(mousepad) }),
    ],
    [
      'tier_too_low',
      ask(type, { kind: 'app', app: portal, parent: subject(xterm) }),
      'a click in it',
      ask(click, { kind: 'app', app: portal, parent: subject(xterm) }),
    ],
    [
      'tier_too_low',
      ask(type, { kind: 'app', app: mousepad, parent: subject(firefox) }),
      'on its own',
      ask(type),
    ],
  ];
  for (const [code, refused, why, twin] of twins) {
    test(`${code}, and allowed: ${why}`, () => {
      expect(refused).toMatchObject({ allowed: false, code });
      expect(twin).toMatchObject({ allowed: true, code: 'allowed' });
    });
  }
});

describe('decide', () => {
  it('tells who blocks, what is needed and what works instead', () => {
    expect(ask({ tool: 'middle_click' }, subject(mousepad), { on: subject(xterm) })).toEqual({
      allowed: false,
      code: 'tier_too_low',
      tier: 'click',
      needed: 'full',
      blocker: 'recipient',
      app: xterm,
      message:
        'XTerm (under the pointer) allows no middle_click: it is a terminal, tier click, and full is needed.',
      hint: 'Use the workspace shell to run commands; clicking and scrolling work here.',
    });
  });

  it('judges both ends of a drag', () => {
    const drag = (to: Subject): Decision =>
      decide({
        action: { tool: 'left_click_drag' },
        frontmost: subject(mousepad),
        recipient: [subject(mousepad), to],
        grants: everything,
        policy: DEFAULT_POLICY,
      });
    expect(drag(subject(xterm))).toMatchObject({ code: 'tier_too_low', tier: 'click', blocker: 'recipient' });
    expect(drag(subject(galculator)).allowed).toBe(true);
  });

  it('allows tools that judge nobody, and pictures, whoever is in front', () => {
    for (const tool of ['request_access', 'wait', 'screenshot', 'list_windows', 'computer_batch'] as const) {
      expect(ask({ tool }, nobody('no_window'))).toMatchObject({ allowed: true, tier: 'none' });
      expect(ask({ tool }, subject(xterm))).toMatchObject({ allowed: true, tier: 'click' });
    }
  });

  it('passes on the warnings of everybody involved', () => {
    const thunar = linux('/usr/bin/thunar');
    const decision = ask(click, subject(thunar), { grants: [allow(thunar)] });
    expect(decision).toMatchObject({
      warnings: ['It can open, move and delete any of your files.', 'It can start any program.'],
    });
  });

  it('adds up several allowances, and lets one denial undo them', () => {
    const grants = [allow(mousepad, { tier: 'read' }), allow(mousepad, { tier: 'full' })];
    expect(ask(type, subject(mousepad), { grants }).allowed).toBe(true);
    expect(
      ask(type, subject(mousepad), { grants: [...grants, { app: key(mousepad), decision: 'deny' }] }).allowed,
    ).toBe(false);
  });

  it('holds a grant to the exact program of an interpreter', () => {
    const grants = [allow(python('/opt/a.py'))];
    expect(ask(type, subject(python('/opt/a.py')), { grants }).allowed).toBe(true);
    expect(ask(type, subject(python('/opt/b.py')), { grants })).toMatchObject({ code: 'not_granted' });
  });
});

it.each([
  ['in front', ask(click, nobody('no_window')), 'The application in front'],
  [
    'in the focus',
    ask(type, subject(mousepad), { on: nobody('no_window') }),
    'The application in the keyboard focus',
  ],
  [
    'under the pointer',
    ask(click, subject(mousepad), { on: nobody('no_window') }),
    'The application under the pointer',
  ],
  ['that was named', ask({ tool: 'focus_window' }), 'The target'],
])('says of nobody %s what is unknown', (_, decision, who) => {
  expect(decision).toMatchObject({
    code: 'unknown_app',
    message: `${who} is unknown: no window is there.`,
  });
});

it('says of a named application that is unknown which one it is', () => {
  expect(ask(click, subject({ ...mousepad, executableDeleted: true }))).toMatchObject({
    message:
      'mousepad (in front) is unknown: the executable was replaced or removed after the program started.',
  });
});

describe('a policy', () => {
  const lifted = { tiers: [{ app: 'firefox-esr', tier: 'full' }] } as const;

  it('lifts a named application, and no other', () => {
    expect(ask(type, subject(firefox), { policy: lifted }).allowed).toBe(true);
    expect(ask(type, subject(firefox)).allowed).toBe(false);
    expect(ask(type, subject(xterm), { policy: lifted }).allowed).toBe(false);
  });

  it('forces a named application down', () => {
    const policy = { tiers: [{ app: '/usr/bin/mousepad', tier: 'read' }] } as const;
    expect(ask(click, subject(mousepad), { policy })).toMatchObject({ code: 'tier_too_low', tier: 'read' });
    expect(ask(click, subject(galculator), { policy }).allowed).toBe(true);
  });

  it('lifts a terminal together with the shell in it, and not the shell in an ordinary application', () => {
    const policy = {
      tiers: [
        { app: 'xterm', tier: 'full' },
        { app: '/usr/bin/mousepad', tier: 'full' },
      ],
    } as const;
    expect(ask(type, { kind: 'app', app: xterm, hasTerminal: true }, { policy }).allowed).toBe(true);
    expect(ask(type, { kind: 'app', app: mousepad, hasTerminal: true }, { policy }).allowed).toBe(false);
  });

  it('never lifts a protected or unknown application', () => {
    const policy = { tiers: [{ app: '*', tier: 'full' }] } as const;
    const grants = [allow(keepassxc), ...everything];
    expect(ask(click, subject(keepassxc), { policy, grants }).code).toBe('protected_app');
    expect(ask(click, subject({ ...mousepad, isSelf: true }), { policy }).code).toBe('protected_app');
    expect(ask(click, subject(linux(null)), { policy }).code).toBe('unknown_app');
  });

  it('denies by any of the names that an application has', () => {
    for (const denied of ['XTerm', 'xterm', '/usr/bin/xterm', 'linux:/usr/bin/xterm', '/usr/bin/x*']) {
      expect(ask(click, subject(xterm), { policy: { denyApps: [denied] } }).code).toBe('denied_by_policy');
    }
    expect(ask(click, subject(xterm), { policy: { denyApps: ['uxterm'] } }).allowed).toBe(true);
  });
});

describe('combos', () => {
  const flag = { grants: [allow(mousepad, { flags: { systemKeyCombos: true } })] };
  const press = (text: string, given?: Given): string =>
    ask({ tool: 'key', combos: [combo(text)] }, subject(mousepad), given).code;

  for (const text of ['ctrl+alt+F1', 'XF86Switch_VT_2', 'alt+SysRq', 'alt+Print', 'ctrl+alt+BackSpace']) {
    test(`${text} is never sent`, () => {
      expect(press(text)).toBe('combo_forbidden');
      expect(press(text, flag)).toBe('combo_forbidden');
    });
  }
  for (const text of [
    'super',
    'Meta',
    'Hyper_L',
    'win+r',
    'ctrl+alt+Delete',
    'ctrl+alt+KP_Delete',
    'ctrl+alt+KP_Decimal',
    'ctrl+alt+T',
    'ctrl+alt+l',
    'alt+F2',
    'alt+shift+F2',
    'XF86ScreenSaver',
    'XF86PowerOff',
    'Print',
  ]) {
    test(`${text} needs the flag`, () => {
      expect(press(text)).toBe('combo_needs_flag');
      expect(press(text, flag)).toBe('allowed');
    });
  }
  for (const text of ['ctrl+c', 'ctrl+shift+t', 'alt+F4', 'F2', 'Return', 'ctrl+q', 'shift+Tab']) {
    test(`${text} is sent`, () => expect(press(text)).toBe('allowed'));
  }

  it('keeps what an administrator forbids from being allowed by a flag, with or without further modifiers', () => {
    const policy = { forbidCombos: ['ctrl+W', 'nonsense key'] };
    for (const text of ['ctrl+shift+w', 'ctrl+alt+shift+w']) {
      expect(press(text, { ...flag, policy })).toBe('combo_forbidden');
    }
    expect(press('ctrl+w', { ...flag, policy })).toBe('allowed');
    expect(press('ctrl+w', { policy: { forbidCombos: ['Ctrl+W'] } })).toBe('combo_forbidden');
  });

  it('needs the flag of every application involved', () => {
    const action = { tool: 'key', combos: [combo('super')] } as const;
    const one = [allow(mousepad, { flags: { systemKeyCombos: true } }), allow(galculator)];
    expect(ask(action, subject(mousepad), { on: subject(galculator), grants: one })).toMatchObject({
      code: 'combo_needs_flag',
      blocker: 'recipient',
    });
  });

  it('knows the combos of the platform in front', () => {
    const textEdit = { ...linux('/Applications/T.app/Contents/MacOS/T'), platform: 'macos' } as const;
    const grants = [allow(textEdit)];
    const on = (text: string): string =>
      ask({ tool: 'key', combos: [combo(text)] }, subject(textEdit), { grants }).code;
    expect(['cmd+c', 'cmd+q', 'cmd+space', 'ctrl+cmd+q'].map(on)).toEqual([
      'allowed',
      'allowed',
      'combo_needs_flag',
      'combo_needs_flag',
    ]);
  });
});
