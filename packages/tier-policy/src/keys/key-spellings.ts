import type { Modifier } from '../key-combo.ts';
import { NAMED_KEYS } from './key-names.ts';

/** Lower case, without the marks that spellings differ in. */
export const plain = (word: string): string => word.toLowerCase().replaceAll(/[\s_-]/g, '');

const MODIFIER_WORDS: Readonly<Record<Modifier, string>> = {
  ctrl: 'ctrl control ctl lctrl rctrl ctrll ctrlr lcontrol rcontrol controll controlr leftctrl rightctrl leftcontrol rightcontrol controlleft controlright ctrlleft ctrlright ⌃',
  alt: 'alt option opt altl altr lalt ralt leftalt rightalt altleft altright altgr altgraph optionleft optionright leftoption rightoption loption roption mod1 isolevel3shift isolevel5shift modeswitch ⌥',
  shift: 'shift shiftl shiftr lshift rshift leftshift rightshift shiftleft shiftright ⇧',
  super:
    'super superl superr lsuper rsuper leftsuper rightsuper cmd command lcmd rcmd leftcmd rightcmd leftcommand rightcommand commandleft commandright cmdleft cmdright cmdl cmdr win windows lwin rwin winleft winright leftwin rightwin leftwindows rightwindows meta metal metar lmeta rmeta leftmeta rightmeta metaleft metaright hyper hyperl hyperr os osleft osright gui mod4 ⌘ ❖',
};

const SYMBOLS: Readonly<Record<Modifier, string>> = { ctrl: '⌃', alt: '⌥', shift: '⇧', super: '⌘' };

const wordsOf = (modifier: Modifier): (readonly [string, Modifier])[] =>
  MODIFIER_WORDS[modifier].split(' ').map((word) => [word, modifier]);

/** A modifier's name in any spelling, see `plain`. `Meta` and `Hyper` count as super, AltGr as alt. */
export const MODIFIER_OF_WORD: ReadonlyMap<string, Modifier> = new Map([
  ...wordsOf('ctrl'),
  ...wordsOf('alt'),
  ...wordsOf('shift'),
  ...wordsOf('super'),
]);

/** The signs that macOS draws in menus. */
export const MODIFIER_OF_SYMBOL: ReadonlyMap<string, Modifier> = new Map([
  [SYMBOLS.ctrl, 'ctrl'],
  [SYMBOLS.alt, 'alt'],
  [SYMBOLS.shift, 'shift'],
  [SYMBOLS.super, 'super'],
]);

const OTHER_NAMES: Readonly<Record<string, string>> = {
  Return: 'enter ret newline ⏎ ↩ ↵ numpadreturn',
  Escape: 'esc ⎋',
  BackSpace: 'bksp bs backsp ⌫',
  Delete: 'del forwarddelete deleteforward ⌦',
  Insert: 'ins',
  Tab: '⇥',
  Prior: 'pgup pageup ⇞',
  Next: 'pgdn pgdown pagedown pagedn ⇟',
  Home: '↖',
  End: '↘',
  Left: 'arrowleft leftarrow ←',
  Right: 'arrowright rightarrow →',
  Up: 'arrowup uparrow ↑',
  Down: 'arrowdown downarrow ↓',
  Caps_Lock: 'caps ⇪',
  Print: 'prtsc prtscn prtscr printscreen printscr snapshot',
  Sys_Req: 'sysrq sysreq systemrequest',
  Menu: 'apps contextmenu application',
  Multi_key: 'compose',
  space: 'spacebar spc ␣',
  minus: 'dash',
  apostrophe: 'quote singlequote',
  quotedbl: 'doublequote',
  grave: 'backquote backtick',
  asciitilde: 'tilde',
  bar: 'pipe',
  equal: 'equals',
  period: 'dot',
  numbersign: 'hash pound',
  asciicircum: 'caret circumflex',
  exclam: 'exclamation exclamationmark',
  question: 'questionmark',
  asterisk: 'star',
  bracketleft: 'leftbracket openbracket lbracket',
  bracketright: 'rightbracket closebracket rbracket',
  braceleft: 'leftbrace openbrace lbrace',
  braceright: 'rightbrace closebrace rbrace',
  parenleft: 'leftparen openparen',
  parenright: 'rightparen closeparen',
  KP_Enter: 'numpadenter',
  KP_Add: 'add numpadadd numpadplus',
  KP_Subtract: 'subtract numpadsubtract numpadminus',
  KP_Multiply: 'numpadmultiply',
  KP_Divide: 'divide numpaddivide',
  KP_Decimal: 'decimal numpaddecimal',
  KP_Equal: 'numpadequal',
  KP_Prior: 'kppageup',
  KP_Next: 'kppagedown',
  XF86AudioRaiseVolume: 'volumeup audiovolumeup',
  XF86AudioLowerVolume: 'volumedown audiovolumedown',
  XF86AudioMute: 'mute volumemute audiovolumemute',
  XF86AudioPlay: 'playpause mediaplaypause playstopmedia',
  XF86AudioNext: 'mediatracknext nexttrack',
  XF86AudioPrev: 'mediatrackprevious prevtrack',
  XF86AudioStop: 'mediastop',
  XF86Back: 'browserback',
  XF86Forward: 'browserforward',
  XF86Refresh: 'browserrefresh',
  XF86HomePage: 'browserhome',
  XF86Search: 'browsersearch',
  XF86PowerOff: 'power poweroff',
  XF86Sleep: 'sleep',
  XF86WakeUp: 'wakeup',
  XF86ScreenSaver: 'screensaver lockscreen',
  XF86Mail: 'launchmail',
  XF86Calculator: 'launchcalculator xf86calculater',
};

const numpadDigits = Array.from({ length: 10 }, (_, digit): readonly [string, string] => [
  `numpad${digit}`,
  `KP_${digit}`,
]);

/** A key's name in any spelling, see `plain`, to its X keysym name. */
export const KEY_OF_WORD: ReadonlyMap<string, string> = new Map([
  ...NAMED_KEYS.map((key): readonly [string, string] => [plain(key), key]),
  ...Object.entries(OTHER_NAMES).flatMap(([key, words]) =>
    words.split(' ').map((word): readonly [string, string] => [word, key]),
  ),
  ...numpadDigits,
]);

/** What a person may be told about as a name that would have worked. */
export const KNOWN_NAMES: readonly string[] = [
  ...NAMED_KEYS,
  ...['Page_Up', 'Page_Down', 'Enter', 'Esc', 'space', 'ctrl', 'alt', 'shift', 'super', 'cmd', 'win'],
  ...['plus', 'minus', 'comma', 'period', 'slash', 'backslash', 'equal', 'semicolon', 'apostrophe', 'grave'],
];
