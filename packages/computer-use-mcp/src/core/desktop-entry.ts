/** What a `.desktop` file says of an application (freedesktop.org Desktop Entry Specification 1.5). */
export interface DesktopEntry {
  /** File name without `.desktop`. */
  readonly id: string;
  readonly name: string;
  readonly argv: readonly string[];
}

/** `null` for what is no application to show: links, hidden entries, entries without a command. */
export function parseDesktopEntry(id: string, text: string): DesktopEntry | null {
  const fields = new Map<string, string>();
  let isMain = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) isMain = line.trim() === '[Desktop Entry]';
    const field = isMain ? /^([A-Za-z-]+)\s*=\s*(.*)$/.exec(line) : null;
    if (field?.[1] !== undefined && field[2] !== undefined) fields.set(field[1], field[2].trim());
  }
  const name = fields.get('Name');
  const argv = commandOf(fields.get('Exec') ?? '');
  if (fields.get('Type') !== 'Application' || fields.get('Hidden') === 'true') return null;
  return name === undefined || argv.length === 0 ? null : { id, name, argv };
}

/** The words of an Exec line without its field codes; quotes and backslashes as in the specification. */
function commandOf(exec: string): readonly string[] {
  const words = exec.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
  return words
    .filter((word) => !/^%[a-zA-Z]$/.test(word))
    .map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word))
    .map((word) => word.replaceAll('%%', '%'));
}
