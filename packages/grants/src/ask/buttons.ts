/** What a person chose in a dialog; whatever is none of the others is `deny`. */
export type Pressed = 'deny' | 'once' | 'always' | 'flag';

export const TITLE = 'Deskhand';
export const DENY = 'Deny';
export const ALLOW_ONCE = 'Allow this session';
export const ALLOW_ALWAYS = 'Always allow';
export const ALLOW_FLAG = 'Allow';

const ALLOWING: ReadonlyMap<string, Pressed> = new Map([
  [ALLOW_ONCE, 'once'],
  [ALLOW_ALWAYS, 'always'],
  [ALLOW_FLAG, 'flag'],
]);

/** For programs that print the label of the button; only a printed label can allow anything. */
export const pressedLabel = (printed: string): Pressed => ALLOWING.get(printed.trim()) ?? 'deny';
