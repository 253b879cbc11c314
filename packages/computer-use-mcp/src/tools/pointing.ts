import { ToolError } from '@deskhand/server-runtime';
import { parseCombo } from '@deskhand/tier-policy';
import { z } from 'zod';

export const isPoint = ({ length }: readonly number[]): boolean => length === 2;

export const coordinate = z.array(z.number()).refine(isPoint, 'a coordinate is [x, y]').describe('[x, y]');
export const frame = z.string().optional();
export const modifiers = z.string().optional().describe('As ctrl+shift');

export const pointText = ([x = 0, y = 0]: readonly number[] = []): string => `[${x}, ${y}]`;

export function heldKeys(text: string | undefined): readonly string[] {
  if (text === undefined || text.trim() === '') return [];
  const parsed = parseCombo(text);
  if (parsed.ok && parsed.combo.key === null) return parsed.combo.modifiers;
  throw new ToolError('not_modifiers', `"${text}" is not a combination of modifier keys`, {
    hint: 'Use ctrl, alt, shift or super, joined by +. Other keys are pressed with the tool key.',
  });
}
