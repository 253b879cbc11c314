import { hash } from 'node:crypto';

/** JSON with the keys of objects in UTF-16 order and undefined members left out: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  const parts: string[] = [];
  write(value, parts);
  return parts.join(''); // once: a long text in it is not copied again at each level
}

function write(value: unknown, parts: string[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      parts.push(index === 0 ? '[' : ',');
      write(item, parts);
    }
    parts.push(value.length === 0 ? '[]' : ']');
  } else if (isRecord(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== undefined);
    for (const [index, key] of keys.sort().entries()) {
      parts.push(index === 0 ? '{' : ',', JSON.stringify(key), ':');
      write(value[key], parts);
    }
    parts.push(keys.length === 0 ? '{}' : '}');
  } else parts.push(value === undefined ? 'null' : JSON.stringify(value));
}

/** Hex sha256 of bytes as they are, of anything else as its canonical JSON. */
export function sha256(value: unknown): string {
  return hash('sha256', value instanceof Uint8Array ? value : canonicalJson(value), 'hex');
}

/** Whether more than so many objects and lists are inside each other; however many there are, the stack bears it. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let inside: object[] = [value].filter(isObject);
  for (let depth = 0; inside.length > 0; depth += 1) {
    if (depth === levels) return true;
    inside = inside.flatMap((outer): unknown[] => Object.values(outer)).filter(isObject);
  }
  return false;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** True of an object that is neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
