import { InvalidArgumentError } from 'commander';

export const names = (text: string): readonly string[] => (text === 'none' ? [] : text.split(','));

export const collected = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];

export const dailyLimit = (text: string): number | null => (text === 'none' ? null : positive(text));

export function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It has to be a number above 0.');
}

export function positiveInteger(text: string): number {
  if (Number.isSafeInteger(positive(text))) return Number(text);
  throw new InvalidArgumentError('It has to be a whole number above 0.');
}
