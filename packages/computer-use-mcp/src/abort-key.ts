import { ConfigError } from '@deskhand/server-runtime';
import { parseCombo } from '@deskhand/tier-policy';

/**
 * The X keysym name of the key that an option names; `null` for `none`.
 *
 * @throws ConfigError for what is no single key
 */
export function abortKeyNamed(name: string): string | null {
  if (name.toLowerCase() === 'none') return null;
  const parsed = parseCombo(name);
  const [key, isAlone] = parsed.ok ? [parsed.combo.key, parsed.combo.modifiers.length === 0] : [null, false];
  if (key !== null && isAlone) return key;
  throw new ConfigError('--abort-key', `${name} is not one key; use a name such as Escape, F12 or none`);
}
