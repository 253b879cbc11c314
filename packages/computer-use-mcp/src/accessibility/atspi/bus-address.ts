/** Sockets of this computer only: other families would run commands or reach out to the network. */
const UNIX = /^unix:(?:.*,)?(path|abstract)=([^,]+)(?:,|$)/u;
/** The library splits addresses at these, whether they were escaped or not. */
const SEPARATORS = /[,;:=]/u;

/** The first Unix socket of a D-Bus address list, as an address of its own; `null` when it names none. */
export function unixAddress(list: string): string | null {
  for (const address of list.split(';')) {
    const [, kind, escaped] = UNIX.exec(address) ?? [];
    if (kind === undefined || escaped === undefined) continue;
    const path = unescaped(escaped);
    if (path !== null && !SEPARATORS.test(path)) return `unix:${kind}=${path}`;
  }
  return null;
}

function unescaped(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null; // not UTF-8: no path that we could name
  }
}

/** Where the session bus of an environment is; `null` when the environment has none. */
export function sessionAddress(env: Readonly<Record<string, string | undefined>>): string | null {
  const given = env['DBUS_SESSION_BUS_ADDRESS'] ?? '';
  if (given !== '') return unixAddress(given);
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  return runtime === '' ? null : `unix:path=${runtime}/bus`;
}
