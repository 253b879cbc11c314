import type { Tier } from './tier.ts';

interface ClassFacts {
  readonly tier: Tier;
  /** Completes "it is ...". */
  readonly noun: string;
  readonly example: string;
}

const CLASS_FACTS = {
  app: { tier: 'full', noun: 'an ordinary application', example: 'mousepad' },
  fileManager: { tier: 'full', noun: 'a file manager', example: 'thunar' },
  settings: { tier: 'full', noun: 'a system settings panel', example: 'gnome-control-center' },
  dialogHost: {
    tier: 'full',
    noun: 'a dialog that another application shows',
    example: 'xdg-desktop-portal',
  },
  interpreter: { tier: 'full', noun: 'a program run by an interpreter', example: 'python3 app.py' },
  terminal: { tier: 'click', noun: 'a terminal', example: 'xterm' },
  ide: { tier: 'click', noun: 'an editor that can run commands', example: 'code' },
  remote: { tier: 'click', noun: 'a window onto another computer', example: 'remmina' },
  runBox: { tier: 'click', noun: 'a launcher that runs commands', example: 'rofi' },
  shellUi: { tier: 'click', noun: 'part of the desktop itself', example: 'xfce4-panel' },
  browser: { tier: 'read', noun: 'a web browser', example: 'firefox' },
  trading: { tier: 'read', noun: 'a trading or wallet application', example: 'electrum' },
  inputSource: { tier: 'read', noun: 'a tool that types into other applications', example: 'onboard' },
  password: { tier: 'none', noun: 'a password manager or keyring', example: 'keepassxc' },
  authPrompt: { tier: 'none', noun: 'an authentication prompt', example: 'pkexec' },
  lockScreen: { tier: 'none', noun: 'a lock screen', example: 'i3lock' },
  agentHost: { tier: 'none', noun: 'a program that agents run in', example: 'claude' },
  self: { tier: 'none', noun: 'a window of Deskhand itself', example: 'its own dialogs' },
  unknown: { tier: 'none', noun: 'a program that cannot be identified', example: 'a deleted executable' },
} as const satisfies Record<string, ClassFacts>;

/** What sort of application something is; it alone gives the tier that a policy may then change. */
export type AppClass = keyof typeof CLASS_FACTS;

const isAppClass = (name: string): name is AppClass => Object.hasOwn(CLASS_FACTS, name);

export const APP_CLASSES: readonly AppClass[] = Object.keys(CLASS_FACTS).filter(isAppClass);

/** The tier of a class, before any policy. */
export const tierOfClass = (appClass: AppClass): Tier => CLASS_FACTS[appClass].tier;

/** A few words that complete "it is ...". */
export const describeClass = (appClass: AppClass): string => CLASS_FACTS[appClass].noun;

/** The name of a typical member. */
export const exampleOfClass = (appClass: AppClass): string => CLASS_FACTS[appClass].example;

/** Never touched, never shown, and never lifted by a policy. */
export const isProtectedClass = (appClass: AppClass): boolean =>
  CLASS_FACTS[appClass].tier === 'none' && appClass !== 'unknown';

/** Classes that are held at `click` because their keys reach a shell. */
export const isShellClass = (appClass: AppClass): boolean =>
  ['terminal', 'ide', 'remote', 'runBox'].includes(appClass);

const SENTINEL_WARNINGS = {
  shell: 'It can run commands: allowing it comes close to allowing a shell.',
  anyFile: 'It can open, move and delete any of your files.',
  settings: 'It can change the settings of this computer.',
  launcher: 'It can start any program.',
  otherComputer: 'Its window is a whole other computer.',
  desktop: 'It is part of the desktop: menus, panels and notifications come with it.',
  hostedCode: 'What it does depends on the program it runs, not on its name.',
} as const;

/** Something about an application that a person should know before allowing it. */
export type Sentinel = keyof typeof SENTINEL_WARNINGS;

/** One sentence for a dialog. */
export const describeSentinel = (sentinel: Sentinel): string => SENTINEL_WARNINGS[sentinel];

const SENTINELS_OF_CLASS: Partial<Readonly<Record<AppClass, readonly Sentinel[]>>> = {
  fileManager: ['anyFile', 'launcher'],
  settings: ['settings'],
  interpreter: ['shell', 'hostedCode'],
  terminal: ['shell'],
  ide: ['shell'],
  remote: ['otherComputer'],
  runBox: ['launcher', 'shell'],
  shellUi: ['desktop', 'launcher'],
};

export const sentinelsOfClass = (appClass: AppClass): readonly Sentinel[] =>
  SENTINELS_OF_CLASS[appClass] ?? [];

const TIER_TEXTS: Readonly<Record<Tier, string>> = {
  none: 'nothing: it is neither shown nor touched',
  read: 'look at it, without clicking or typing',
  click: 'look at it, click and scroll, without typing, dragging or right-clicking',
  full: 'look at it, click, drag and type',
};

/** What a tier lets the agent do, to complete "the agent may ...". */
export const describeTier = (tier: Tier): string => TIER_TEXTS[tier];
