const LONGEST = 2000;
/** All else in an address is written with these; a blank or a line break would hide where it ends. */
const PLAIN = /^[\x21-\x7e]+$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** An address that a person may be asked to open, and its host as a browser would find it; null for any other. */
export function safePage(address: string): { readonly url: string; readonly host: string } | null {
  if (address.length > LONGEST || !PLAIN.test(address) || !URL.canParse(address)) return null;
  const { protocol, hostname, host, username, password, href } = new URL(address);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
  return isSafe && username === '' && password === '' && !address.includes('\\') ? { url: href, host } : null;
}
