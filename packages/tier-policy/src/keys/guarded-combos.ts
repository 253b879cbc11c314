import { formatCombo, type KeyCombo, type Modifier } from '../key-combo.ts';
import type { Platform } from '../identity.ts';
import { parseCombo } from './parse-combo.ts';

/** `never` holds whatever was granted; `flag` opens with `systemKeyCombos` on the grant. */
export type ComboRule = 'never' | 'flag';

interface GuardedCombo {
  readonly platforms: readonly Platform[];
  readonly modifiers: readonly Modifier[];
  /** `null` matches every key, and none. */
  readonly key: RegExp | null;
  readonly rule: ComboRule;
  /** Completes "it ...". */
  readonly effect: string;
}

const LINUX = ['linux'] as const;
const MACOS = ['macos'] as const;
const WINDOWS = ['windows'] as const;
const LINUX_WINDOWS = ['linux', 'windows'] as const;

const guard =
  (platforms: readonly Platform[], rule: ComboRule) =>
  (modifiers: readonly Modifier[], key: RegExp | null, effect: string): GuardedCombo => ({
    platforms,
    modifiers,
    key,
    rule,
    effect,
  });

const linuxNever = guard(LINUX, 'never');
const linuxFlag = guard(LINUX, 'flag');
const macFlag = guard(MACOS, 'flag');
const windowsFlag = guard(WINDOWS, 'flag');
const desktopFlag = guard(LINUX_WINDOWS, 'flag');

/** Combos that reach past the application in front; further modifiers do not lift the guard. */
const GUARDED: readonly GuardedCombo[] = [
  linuxNever(['ctrl', 'alt'], /^F\d+$/, 'switches to another virtual terminal'),
  linuxNever([], /^XF86Switch_VT_\d+$/, 'switches to another virtual terminal'),
  linuxNever([], /^Sys_Req$/, 'gives commands to the kernel'),
  linuxNever(['alt'], /^Print$/, 'is Alt+SysRq, which gives commands to the kernel'),
  linuxNever(['ctrl', 'alt'], /^BackSpace$/, 'ends the X server'),
  linuxNever([], /^Terminate_Server$/, 'ends the X server'),
  linuxNever(
    [],
    /^XF86(Ungrab|ClearGrab|LogGrabInfo|LogWindowTree|Next_VMode|Prev_VMode)$/,
    'controls the X server',
  ),

  desktopFlag(['super'], null, 'belongs to the desktop'),
  desktopFlag(['ctrl', 'alt'], /^Delete$/, 'opens the system menu'),
  desktopFlag([], /^Print$/, 'takes a picture of the whole screen'),
  desktopFlag(
    [],
    /^XF86(PowerOff|PowerDown|Sleep|Suspend|Hibernate|Standby|DisplayOff)$/,
    'powers the machine down',
  ),
  desktopFlag([], /^XF86(ScreenSaver|LogOff|Away)$/, 'locks the screen or ends the login'),
  desktopFlag(
    [],
    /^XF86(Launch.|Terminal|Explorer|WWW|HomePage|Mail|Search|Start|Calculator|MyComputer|OpenURL|TaskPane|Tools)$/,
    'starts an application',
  ),
  desktopFlag([], /^XF86(RotateWindows|Display|WLAN|WWAN|UWB|Bluetooth|RFKill)$/, 'changes the machine'),
  linuxFlag(['ctrl', 'alt'], /^t$/, 'opens a terminal'),
  linuxFlag(['ctrl', 'alt'], /^(l|Escape)$/, 'locks the screen or kills a window'),
  linuxFlag(['alt'], /^F[123]$/, 'opens a launcher'),
  desktopFlag(['ctrl'], /^Escape$/, 'opens a system menu'),

  macFlag(['super'], /^space$/, 'opens Spotlight'),
  macFlag(['super', 'ctrl'], /^q$/, 'locks the screen'),
  macFlag(['super', 'shift'], /^q$/, 'ends the login'),
  macFlag(['super', 'alt'], /^(Escape|d)$/, 'opens a system panel'),
  macFlag(['super', 'shift'], /^[3456]$/, 'takes a picture of the whole screen'),
  macFlag([], /^(Print|F13)$/, 'reaches the system'),
  macFlag(
    [],
    /^XF86(PowerOff|PowerDown|Sleep|Suspend|ScreenSaver|LogOff|Eject|Launch.)$/,
    'reaches the system',
  ),

  windowsFlag(['alt'], /^(Escape|space)$/, 'opens a system menu'),
];

/** A keypad key does what its twin does. */
const keyForBlocking = (key: string): string => {
  const twin = /^KP_([A-Z][A-Za-z]+|F\d)$/.exec(key)?.[1];
  if (twin === 'Enter') return 'Return';
  if (twin === 'Decimal' || twin === 'Separator') return 'Delete';
  return twin ?? key;
};

const includesAll = (held: readonly Modifier[], wanted: readonly Modifier[]): boolean =>
  wanted.every((modifier) => held.includes(modifier));

const isGuarded = (combo: KeyCombo, guarded: GuardedCombo, platform: Platform): boolean => {
  if (!guarded.platforms.includes(platform) || !includesAll(combo.modifiers, guarded.modifiers)) return false;
  if (guarded.key === null) return true;
  return combo.key !== null && guarded.key.test(keyForBlocking(combo.key));
};

export interface ComboGuard {
  readonly rule: ComboRule;
  /** Completes "it ...". */
  readonly effect: string;
}

/** What a combo would do beyond the application in front; `null` when it stays within. */
export const guardOf = (combo: KeyCombo, platform: Platform): ComboGuard | null => {
  const hits = GUARDED.filter((guarded) => isGuarded(combo, guarded, platform));
  return hits.find((hit) => hit.rule === 'never') ?? hits[0] ?? null;
};

/** True when a combo is the forbidden one, with or without further modifiers. A text that names no combo matches none. */
export const isForbiddenBy = (combo: KeyCombo, forbidden: string): boolean => {
  const parsed = parseCombo(forbidden);
  if (!parsed.ok || !includesAll(combo.modifiers, parsed.combo.modifiers)) return false;
  if (parsed.combo.key === null) return true;
  return combo.key !== null && keyForBlocking(combo.key) === keyForBlocking(parsed.combo.key);
};

/** The forbidden combo's canonical text, or the text itself when it names none. */
export const canonicalCombo = (text: string): string => {
  const parsed = parseCombo(text);
  return parsed.ok ? formatCombo(parsed.combo) : text;
};
