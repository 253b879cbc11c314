export const MODIFIERS = ['ctrl', 'alt', 'shift', 'super'] as const;

export type Modifier = (typeof MODIFIERS)[number];

/**
 * One key press in canonical form, whatever the spelling it came in. `key` is an X keysym name
 * (`Return`, `F4`, `a`, `plus`) or `null` when only modifiers are pressed.
 */
export interface KeyCombo {
  readonly modifiers: readonly Modifier[];
  readonly key: string | null;
}
