/** A pattern of web origins, taken apart. */
export interface OriginPattern {
  /** With the colon, as in `https:`. */
  readonly protocol: string;
  readonly host: string;
  /** Also every host below `host`. */
  readonly below: boolean;
  /** `''` is the scheme's own port, `*` any. */
  readonly port: string;
}

const PATTERN = /^(https?|wss?):\/\/(\*\.)?([^/?#@*\\\s]+?)(:\*)?$/i;

/** `null` when it is not a pattern of origins. Hosts are brought to the form that browsers compare. */
export function parseOriginPattern(pattern: string): OriginPattern | null {
  const [, scheme, wildcard, host, anyPort] = PATTERN.exec(pattern) ?? [];
  if (scheme === undefined || host === undefined) return null;
  const url = urlOf(`${scheme}://${host}`);
  if (url === null || (anyPort !== undefined && url.port !== '')) return null;
  return {
    protocol: url.protocol,
    host: url.hostname,
    below: wildcard !== undefined,
    port: anyPort === undefined ? url.port : '*',
  };
}

/** Whether the origin of a URL is meant. Opaque origins such as `null` and `data:` never are. */
export function matchesOrigin({ protocol, host, below, port }: OriginPattern, origin: string): boolean {
  const url = urlOf(origin);
  if (url?.protocol !== protocol) return false;
  const isHost = url.hostname === host || (below && url.hostname.endsWith(`.${host}`));
  return isHost && (port === '*' || url.port === port);
}

/** Without a last dot of the host, which leads to the same place. */
export function withoutRootDot(origin: string): string {
  const url = urlOf(origin);
  if (!url?.hostname.endsWith('.')) return origin;
  url.hostname = url.hostname.slice(0, -1);
  return url.origin;
}

/** The origin of the page that made a `blob:`; anything else as it is. */
export const pageOrigin = (origin: string): string => {
  const url = urlOf(origin);
  return url?.protocol === 'blob:' ? url.origin : origin;
};

const urlOf = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
