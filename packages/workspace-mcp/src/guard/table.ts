/** What a table has for a name that anybody may have chosen, and not what every object has. */
export const inTable = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
