const HEADER = 8;

/** One message of the Wayland wire format, in either direction. */
export interface Message {
  readonly object: number;
  readonly opcode: number;
  readonly body: Buffer;
}

export type Argument = number | string;

const padded = (length: number): number => (length + 3) & ~3;

/** A string with its length, its end and its padding. */
function stringOf(text: string): Buffer {
  const length = Buffer.byteLength(text) + 1;
  const bytes = Buffer.alloc(4 + padded(length));
  bytes.writeUInt32LE(length, 0);
  bytes.write(text, 4);
  return bytes;
}

function wordOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0, 0);
  return bytes;
}

/** A request: numbers are words of 32 bits (Wayland protocol, wire format). */
export function encode(object: number, opcode: number, args: readonly Argument[]): Buffer {
  const body = Buffer.concat(
    args.map((argument) => (typeof argument === 'string' ? stringOf(argument) : wordOf(argument))),
  );
  return Buffer.concat([wordOf(object), wordOf(((HEADER + body.length) << 16) | opcode), body]);
}

/** Takes whole messages off the front of `bytes`, and gives what is left. */
export function decode(bytes: Buffer): { readonly messages: readonly Message[]; readonly rest: Buffer } {
  const messages: Message[] = [];
  let at = 0;
  while (bytes.length - at >= HEADER) {
    const word = bytes.readUInt32LE(at + 4);
    const size = word >>> 16;
    if (size < HEADER) throw new Error(`a message of ${size} bytes`);
    if (bytes.length - at < size) break;
    const body = bytes.subarray(at + HEADER, at + size);
    messages.push({ object: bytes.readUInt32LE(at), opcode: word & 0xffff, body });
    at += size;
  }
  return { messages, rest: bytes.subarray(at) };
}

/** The string at `offset` of a message. */
export function stringAt(body: Buffer, offset: number): { readonly text: string; readonly next: number } {
  const length = body.readUInt32LE(offset);
  const text = body.toString('utf8', offset + 4, offset + 4 + Math.max(0, length - 1));
  return { text, next: offset + 4 + padded(length) };
}
