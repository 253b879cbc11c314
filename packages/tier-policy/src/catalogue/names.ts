/** A comma-separated list, which keeps the tables readable. */
export const names = (list: string): readonly string[] =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
