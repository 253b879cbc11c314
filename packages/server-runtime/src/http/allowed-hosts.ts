import { ConfigError } from '../config/config-error.ts';

/** Under which names a server may be addressed. */
export interface AllowedHosts {
  /** Whether a `Host` header names this server. */
  host(header: string | undefined): boolean;
  /** Whether a page of this `Origin` may call; true without the header, which only browsers send. */
  origin(header: string | undefined): boolean;
}

interface Authority {
  readonly name: string;
  readonly port: number | undefined;
}

const authorityForm = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i;
const originForm = /^(https?):\/\/([^/?#]+)$/i;
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
const defaultPorts = { http: 80, https: 443 } as const;

/**
 * The loopback names with the bound port, and what the operator added: `name` at any port, or `name:port`.
 * Names are compared as text and never resolved, which is what defeats DNS rebinding.
 *
 * @throws ConfigError when an addition is neither.
 */
export function allowedHosts(port: number, additions: readonly string[]): AllowedHosts {
  const added = additions.map(parseAddition);
  const isLoopback = ({ name, port: asked }: Authority): boolean =>
    loopbackNames.includes(name) && asked === port;
  const isAdded = ({ name, port: asked }: Authority): boolean =>
    added.some((one) => one.name === name && (one.port === undefined || one.port === asked));
  return {
    host(header) {
      const asked = parseAuthority(header ?? '', defaultPorts.http);
      return asked !== undefined && (isLoopback(asked) || isAdded(asked));
    },
    origin(header) {
      if (header === undefined) return true;
      const [, scheme = '', authority = ''] = originForm.exec(header) ?? [];
      const isTls = scheme.toLowerCase() === 'https';
      const asked = parseAuthority(authority, isTls ? defaultPorts.https : defaultPorts.http);
      return asked !== undefined && ((!isTls && isLoopback(asked)) || isAdded(asked));
    },
  };
}

function parseAuthority(text: string, defaultPort?: number): Authority | undefined {
  const [, name, port] = authorityForm.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { name: name.toLowerCase(), port: port === undefined ? defaultPort : Number(port) };
}

function parseAddition(text: string): Authority {
  const authority = parseAuthority(text);
  if (authority !== undefined) return authority;
  throw new ConfigError(
    `allowed host ${text}`,
    'is neither a name nor a name and a port, as in desk.example:8443',
  );
}
