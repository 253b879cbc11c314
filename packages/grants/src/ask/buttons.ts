import { scopesOf, type AskRequest, type AskScope } from './request.ts';

/** What a person chose in a dialog; whatever is none of the others is `deny`. */
export type Pressed = 'deny' | 'time' | 'once' | 'always' | 'flag';

export const TITLE = 'Deskhand';
export const DENY = 'Deny';
export const ALLOW_FLAG = 'Allow';
const LABELS = {
  time: 'Allow this time',
  once: 'Allow this session',
  always: 'Always allow',
} as const satisfies Partial<Record<Pressed, string>>;

const ALLOWING: ReadonlyMap<string, Pressed> = new Map([
  [LABELS.time, 'time'],
  [LABELS.once, 'once'],
  [LABELS.always, 'always'],
  [ALLOW_FLAG, 'flag'],
]);

/** For programs that print the label of the button; only a printed label can allow anything. */
export const pressedLabel = (printed: string): Pressed => ALLOWING.get(printed.trim()) ?? 'deny';

/** The buttons that allow what is asked for, the shortest time first. */
export function allowing(
  request: AskRequest,
): readonly (readonly [Exclude<Pressed, 'deny' | 'flag'>, string])[] {
  const scopes = scopesOf(request);
  const isForTime = request.kind === 'command'; // the rest is allowed for a session at least
  const buttons = [
    ...(isForTime ? (['time'] as const) : []),
    ...(!isForTime || scopes.includes('session') ? (['once'] as const) : []),
  ];
  return [...buttons, ...(scopes.includes('always') ? (['always'] as const) : [])].map((button) => [
    button,
    LABELS[button],
  ]);
}

/** How long a button allows, or `null` when it does not. */
export function scopeOf(pressed: Pressed, request: AskRequest): AskScope | null {
  if (pressed === 'deny' || pressed === 'flag') return null;
  if (!allowing(request).some(([button]) => button === pressed)) return null;
  if (pressed === 'always') return 'always';
  return pressed === 'once' && scopesOf(request).includes('session') ? 'session' : 'once';
}
