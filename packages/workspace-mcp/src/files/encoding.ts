import { isAscii, isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';

/** How the bytes of a file are to be read, and how its new words are to be written. */
export interface Encoding {
  /** As iconv-lite names it. */
  readonly name: string;
  /** What stands before the first character. */
  readonly mark: Buffer;
}

/** A text, and the way back to the very bytes that it came from. */
export interface Decoded {
  readonly text: string;
  readonly encoding: Encoding;
  /** It is UTF-8 of seven bits: as bytes, as many of the same. */
  readonly isAscii: boolean;
}

const MARKS: readonly (readonly [string, Buffer])[] = [
  ['utf8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf16le', Buffer.from([0xff, 0xfe])],
  ['utf16be', Buffer.from([0xfe, 0xff])],
];
const NONE = Buffer.alloc(0);
/** Bytes that are looked at to guess an encoding. */
const SAMPLE = 64 * 1024;
const HALF_A_PAIR = /\p{Cs}/u;
/** Maps each byte to a character, so that whatever else it is comes out as it went in. */
const ANY_BYTE = 'latin1';

/**
 * Reads bytes as text: by its mark, as UTF-8, else in the likeliest older encoding in which the way back gives the same
 * bytes. `null` for what is no text.
 */
export function decode(bytes: Buffer): Decoded | null {
  for (const [name, mark] of MARKS) {
    if (bytes.subarray(0, mark.length).equals(mark)) return exact(bytes, { name, mark });
  }
  if (isBinary(bytes)) return null;
  const encoding = { name: 'utf8', mark: NONE };
  // in a fraction of the time
  if (isAscii(bytes)) return { text: bytes.toString('latin1'), encoding, isAscii: true };
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), encoding, isAscii: false };
  const guesses = analyse(bytes.subarray(0, SAMPLE)).map(({ name }) => name);
  for (const name of [...guesses.filter((guess) => iconv.encodingExists(guess)), 'windows-1252']) {
    const decoded = exact(bytes, { name, mark: NONE });
    if (decoded !== null && !decoded.text.includes('\ufffd')) return decoded;
  }
  return { text: bytes.toString(ANY_BYTE), encoding: { name: ANY_BYTE, mark: NONE }, isAscii: false };
}

/** `null` when the encoding has no such character. */
export function encode({ text, encoding: { name, mark }, isAscii: isPlain }: Decoded): Buffer | null {
  // in a tenth of the time
  if (isPlain) return Buffer.from(text, 'latin1');
  // as iconv-lite does it, in a tenth of the time
  const bytes = name === 'utf8' ? Buffer.from(text, 'utf8') : iconv.encode(text, name);
  const isExact =
    name === 'utf8'
      ? bytes.length === text.length || !HALF_A_PAIR.test(text)
      : iconv.decode(bytes, name, { stripBOM: false }) === text;
  if (!isExact) return null;
  return mark.length === 0 ? bytes : Buffer.concat([mark, bytes]);
}

function exact(bytes: Buffer, encoding: Encoding): Decoded | null {
  const { name, mark } = encoding;
  const text = iconv.decode(bytes.subarray(mark.length), name, { stripBOM: false });
  const decoded = { text, encoding, isAscii: false };
  return encode(decoded)?.equals(bytes) === true ? decoded : null;
}

/** Whether it is text of seven bits: as bytes, as many of the same. */
export const isPlain = (bytes: Buffer): boolean => isAscii(bytes) && !isBinary(bytes);

/** Not the tabulators, line ends and escapes that texts have. */
const CONTROLS = /[\x01-\x08\x0e-\x1a\x1c-\x1f]/g;

function isBinary(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, SAMPLE);
  if (sample.includes(0)) return true;
  // a loop over the bytes takes seven times as long when it runs for the first time
  const controls = sample.toString('latin1').match(CONTROLS)?.length ?? 0;
  return controls * 20 > sample.length;
}
