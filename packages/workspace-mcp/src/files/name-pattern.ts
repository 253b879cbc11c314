import picomatch from 'picomatch';
import { FileError } from './file-error.ts';

const SHOWN = 60;

/**
 * What names a pattern fits; one that ends as a folder does is about all that is in it. As an option of ripgrep a
 * pattern would bring back what .gitignore leaves out.
 *
 * @throws FileError `bad_pattern`
 */
export function fitting(pattern: string): (name: string) => boolean {
  if (pattern === '') throw badPattern(pattern, 'it is empty');
  const below = pattern.replace(/^(?:\.?\/)+|^\.$/, '');
  const whole = below === '' || below.endsWith('/') ? `${below}**` : below;
  try {
    return picomatch(whole, { dot: true, flags: 's', strictBrackets: true });
  } catch (error) {
    throw badPattern(pattern, error instanceof Error ? error.message : String(error));
  }
}

function badPattern(pattern: string, why: string): FileError {
  const shown = pattern.length > SHOWN ? `${pattern.slice(0, SHOWN)}…` : pattern;
  return new FileError('bad_pattern', `${JSON.stringify(shown)} is no pattern of names: ${why}`, {
    hint: 'Give one such as **/*.ts, src/*.{js,css} or, for all files, **.',
  });
}
