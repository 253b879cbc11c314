import { BlockList, isIP } from 'node:net';

/** Where an address leads: the public internet, or somewhere that only this computer or its network reaches. */
export type Reach = 'public' | 'private' | 'loopback' | 'link-local' | 'reserved';

type Range = readonly [network: string, prefix: number];

/** From the special-purpose registries of IANA (RFC 6890 and its updates). */
const RANGES: Readonly<Record<Exclude<Reach, 'public'>, readonly Range[]>> = {
  loopback: [
    ['127.0.0.0', 8],
    ['::1', 128],
  ],
  'link-local': [
    ['169.254.0.0', 16],
    ['fe80::', 10],
  ],
  private: [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
    ['fc00::', 7],
    ['fec0::', 10],
  ],
  reserved: [
    ['0.0.0.0', 8],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
    ['::', 128],
    ['100::', 64],
    ['2001:db8::', 32],
    ['ff00::', 8],
  ],
};

const LISTS = (['loopback', 'link-local', 'private', 'reserved'] as const).map((reach) => {
  const list = new BlockList();
  for (const [network, prefix] of RANGES[reach]) {
    list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return { reach, list };
});

/** Where an IP address leads. An IPv6 address that carries an IPv4 one leads where that one does. */
export function reachOf(address: string): Reach {
  const family = isIP(address);
  if (family === 0) throw new TypeError(`${address} is not an IP address`);
  if (family === 4) return inLists(address, 'ipv4');
  const words = wordsOf(address);
  const carried = carriedBy(words);
  if (carried !== null) return inLists(carried, 'ipv4');
  return inLists(words.map((word) => word.toString(16)).join(':'), 'ipv6');
}

/** IPv4-mapped and -compatible (RFC 4291), -translated (RFC 6052, 8215, 2765) and 6to4 (RFC 3056) addresses. */
function carriedBy(words: readonly number[]): string | null {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, high = 0, low = 0] = words;
  const isZero = [a, b, c, d].every((word) => word === 0);
  if (isZero && (e === 0 || e === 0xffff) && (f === 0 || f === 0xffff)) {
    const isOwn = e === 0 && f === 0 && high === 0 && low <= 1; // :: and ::1
    return isOwn ? null : dotted(high, low);
  }
  if (a === 0x64 && b === 0xff9b) return dotted(high, low);
  return a === 0x2002 ? dotted(b, c) : null;
}

/** The eight words, by way of the form that URLs have. */
function wordsOf(address: string): readonly number[] {
  const [text = ''] = address.split('%');
  const [head = '', tail = ''] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const numbers = (part: string): readonly number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

const dotted = (high: number, low: number): string =>
  [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');

const inLists = (address: string, family: 'ipv4' | 'ipv6'): Reach =>
  LISTS.find(({ list }) => list.check(address, family))?.reach ?? 'public';
