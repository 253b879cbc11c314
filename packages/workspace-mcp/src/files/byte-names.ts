import { isUtf8 } from 'node:buffer';

/** Each stands for the byte that its low half is: no text has one of these alone, so none is taken for another. */
const BYTE = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const BYTES = new RegExp(BYTE, 'g');
const MARK = 0xdc00;

/**
 * A name of the system's as a string: names are bytes, and a byte that is no part of a text becomes half of a surrogate
 * pair, as in PEP 383. {@link bytesOf} takes it back, and so does JSON.
 */
export function nameOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let name = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((each) => isOneOf(bytes.subarray(at, at + each), each));
    name +=
      length === undefined
        ? String.fromCharCode(MARK + (bytes[at] ?? 0))
        : bytes.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return name;
}

const isOneOf = (bytes: Buffer, length: number): boolean => bytes.length === length && isUtf8(bytes);

/** The bytes that a name, a path or more text stands for. */
export function bytesOf(text: string): Buffer {
  if (!BYTE.test(text)) return Buffer.from(text);
  const parts: Buffer[] = [];
  let from = 0;
  for (const { index } of text.matchAll(BYTES)) {
    parts.push(Buffer.from(text.slice(from, index)), Buffer.from([text.charCodeAt(index) - MARK]));
    from = index + 1;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(from))]);
}

/** A path as the system has to be given it. */
export const systemPath = (path: string): string | Buffer => (BYTE.test(path) ? bytesOf(path) : path);

/** Bytes that are written one by one become the text that they are together. */
export const joinedBytes = (text: string): string => (BYTE.test(text) ? nameOf(bytesOf(text)) : text);

/** One that a byte is written as. */
export const byteName = (byte: number): string => String.fromCharCode(byte < 0x80 ? byte : MARK + byte);

/** A name for people and models: a byte that is no text as `\xe9`, which a shell takes within `$'…'`. */
export const shownName = (name: string): string =>
  name.replaceAll(BYTES, (half) => String.raw`\x${(half.charCodeAt(0) - MARK).toString(16)}`);

/** What somebody wrote has no such bytes: a half that stands alone there is what the system makes of it. */
export const wellFormed = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd');
