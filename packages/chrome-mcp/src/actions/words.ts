const NAME_LENGTH = 120;
/** Control characters, and those that change direction or are not seen. */
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** Words of a page inside a line. */
export function quoted(text: string, length = NAME_LENGTH): string {
  const safe = text.replaceAll(UNSAFE, ' ');
  return JSON.stringify(safe.length > length ? `${safe.slice(0, length - 1)}…` : safe);
}
