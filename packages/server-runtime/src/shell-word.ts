/** A path for a command that a person is told to run: one word to the shell, whatever stands in it. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
