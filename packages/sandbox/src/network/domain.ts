import { domainToASCII } from 'node:url';
import { isIP } from 'node:net';
import { SandboxError } from '../sandbox-error.ts';

/** `example.com`, or with `*.` in front all names below it; on one port only when that is given. */
export interface Domain {
  readonly name: string;
  readonly isBelow: boolean;
  readonly port: number | null;
}

/** A host and a port as a program asks for them. */
export interface Destination {
  /** In lower case and ASCII, without a dot at the end; an address of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

const SHAPE = /^(?<below>\*\.)?(?<name>[^*:/\s]+?)(?::(?<port>\d{1,5}))?$/u;
const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;
const WEB_PORTS = [80, 443];

/** A domain as an allowlist names it. @throws SandboxError `domain_invalid` */
export function parseDomain(text: string): Domain {
  const { below, name: written = '', port } = SHAPE.exec(text)?.groups ?? {};
  const name = plainHost(written);
  const isPort = port === undefined || (Number(port) > 0 && Number(port) < 65_536);
  // a whole top-level domain is not a name that anybody has
  if (name === null || isIP(name) !== 0 || !isPort || (below !== undefined && !name.includes('.'))) {
    throw new SandboxError('domain_invalid', `${JSON.stringify(text)} is no name of a domain`, {
      hint: 'Use example.com, *.example.com or example.com:8443; the ports are 80 and 443 unless it has one',
    });
  }
  return { name, isBelow: below !== undefined, port: port === undefined ? null : Number(port) };
}

/** Whether a destination is one of the domains. */
export const isAmong = (domains: readonly Domain[], { host, port }: Destination): boolean =>
  domains.some(
    ({ name, isBelow, port: only }) =>
      (isBelow ? host.endsWith(`.${name}`) : host === name) &&
      (only === null ? WEB_PORTS.includes(port) : only === port),
  );

/** The one way to write a host, or `null` where it is none. */
export function plainHost(written: string): string | null {
  const bare = /^\[(?<inner>[0-9a-f:.]+)\]$/i.exec(written)?.groups?.['inner'] ?? written;
  if (isIP(bare) !== 0) return bare.toLowerCase();
  const name = domainToASCII(bare).replace(/\.$/, '');
  // numbers are addresses in one of their many forms
  return NAME.test(name) && !/^(?:0x[0-9a-f]*|\d+)$/.test(name.split('.').at(-1) ?? '') ? name : null;
}
