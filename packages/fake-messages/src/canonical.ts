import canonicalize from 'canonicalize';

type Replacer = (key: string, value: unknown) => unknown;

/** One text for all spellings of a value (RFC 8785), after `replace` had each entry. */
export const canonical = (value: unknown, replace: Replacer = (_key, one) => one): string =>
  canonicalize(JSON.parse(JSON.stringify(value, replace))) ?? 'null';
