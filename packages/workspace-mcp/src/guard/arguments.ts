import type { Field } from './words.ts';

/** The arguments of a command, parted as most commands do it. */
export interface Arguments {
  readonly options: readonly string[];
  readonly operands: readonly Field[];
}

/** Parts options from operands; `--` ends the options. */
export function argumentsOf(fields: readonly Field[], withValue: readonly string[] = []): Arguments {
  const options: string[] = [];
  const operands: Field[] = [];
  let isOver = false;
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at];
    if (field === undefined) break;
    const { text } = field;
    if (isOver || !/^-./.test(text)) operands.push(field);
    else if (text === '--') isOver = true;
    else {
      options.push(text);
      if (withValue.includes(text)) options.push(fields[(at += 1)]?.text ?? '');
    }
  }
  return { options, operands };
}

/** True for `-r`, for `-fr`, and for a long form. */
export const hasOption = (options: readonly string[], letters: string, ...long: readonly string[]): boolean =>
  options.some((option) =>
    option.startsWith('--')
      ? long.some(
          (name) => name === option || (option.length > 3 && name.startsWith(option.split('=')[0] ?? option)),
        )
      : option.startsWith('-') && Array.from(letters).some((letter) => option.slice(1).includes(letter)),
  );
