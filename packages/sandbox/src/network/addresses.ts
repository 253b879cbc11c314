import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Where an address is, seen from a sandbox. */
export type Zone = 'internet' | 'lan' | 'host' | 'never';

interface Lists {
  readonly lan: BlockList;
  /** Neither a public host nor a neighbour: from the registries of special addresses of IANA, and clouds' metadata. */
  readonly never: BlockList;
  /** What is in no list is on the internet, but of IPv6 only what is given out for it. */
  readonly globalIpv6: BlockList;
}

let lists: Lists | null = null;

/** Made when they are first asked for: they take a twentieth of the time in which a server starts. */
const listsOf = (): Lists =>
  (lists ??= {
    lan: subnets(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']),
    never: subnets([
      ...['0.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24'],
      ...['192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
      // the last three carry an address of IPv4 in them
      ...['fd00:ec2::/32', 'fe80::/10', 'fec0::/10', 'ff00::/8', '::/96', '64:ff9b::/32', '2002::/16'],
      ...['100::/64', '2001::/23', '2001:db8::/32', '3fff::/20', '5f00::/16'],
    ]),
    globalIpv6: subnets(['2000::/3']),
  });

/** The zone of an address of this machine's network; `host` are this machine's own, on any interface. */
export function zoneOf(address: string): Zone {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:(?<ipv4>\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.groups?.['ipv4'];
  if (mapped !== undefined) return zoneOf(mapped);
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  const { lan, never, globalIpv6 } = listsOf();
  if (isIP(plain) === 0 || /^[0:]+:ffff:/i.test(plain) || never.check(plain, family)) return 'never';
  if (isOwn(plain, family)) return 'host';
  if (lan.check(plain, family)) return 'lan';
  return family === 'ipv4' || globalIpv6.check(plain, family) ? 'internet' : 'never';
}

function isOwn(address: string, family: 'ipv4' | 'ipv6'): boolean {
  const own = new BlockList();
  for (const { address: mine, family: ofMine } of Object.values(networkInterfaces()).flatMap(
    (all) => all ?? [],
  )) {
    own.addAddress(mine, ofMine === 'IPv6' ? 'ipv6' : 'ipv4');
  }
  return own.check(address, family);
}

function subnets(all: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of all) {
    const [network = '', prefix] = subnet.split('/');
    list.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
