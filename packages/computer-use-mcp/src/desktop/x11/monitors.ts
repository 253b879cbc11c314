import { safeLine } from '@deskhand/server-runtime';
import type { Display } from '../../core/frame.ts';
import { intersection, type Rect, type Size } from '../../core/geometry.ts';
import { isProtocolError, type XConnection } from './connection.ts';

/** Of RandR 1.5 (randrproto), which the package does not have. */
const GET_MONITORS = 42;
const HEADER = 24;
const MONITOR = 24;
const NAME_LENGTH = 40;

interface Monitor extends Rect {
  readonly name: number;
  readonly isPrimary: boolean;
}

/** The monitors of an X screen, as RandR knows them; their pixels are those of the root, turned already. */
export class Monitors {
  readonly #x: XConnection;
  readonly #names = new Map<number, string>();
  #opcode: Promise<number | null> | null = null;

  constructor(x: XConnection) {
    this.#x = x;
  }

  /** The primary one first. Without RandR the whole screen is one display. */
  async list(): Promise<readonly Display[]> {
    const opcode = await (this.#opcode ??= this.#findExtension());
    const { client, root } = this.#x;
    const [{ width, height }, monitors] = await Promise.all([
      this.#x.ask<Size>((reply) => client.GetGeometry(root, reply)),
      opcode === null ? [] : this.#monitors(opcode),
    ]);
    const screen = { x: 0, y: 0, width, height };
    const inside = monitors.flatMap((monitor) => {
      const rect = intersection(monitor, screen);
      return rect === null ? [] : [{ ...monitor, ...rect }];
    });
    // outputs that show the same are one display
    const distinct = [...new Map(inside.map((monitor) => [placeOf(monitor), monitor])).values()];
    const sorted = distinct.toSorted(
      (a, b) => Number(b.isPrimary) - Number(a.isPrimary) || a.x - b.x || a.y - b.y,
    );
    if (sorted.length === 0) return [{ name: 'screen', ...screen, scale: 1 }];
    return Promise.all(
      sorted.map(async ({ name, x, y, width, height }) => ({
        name: await this.#nameOf(name),
        ...{ x, y, width, height, scale: 1 },
      })),
    );
  }

  #findExtension(): Promise<number | null> {
    return this.#x.ask<number | null>((reply) =>
      this.#x.client.QueryExtension('RANDR', (error, extension) =>
        reply(error, extension.present === 0 ? null : extension.majorOpcode),
      ),
    );
  }

  async #monitors(opcode: number): Promise<readonly Monitor[]> {
    const { client, root } = this.#x;
    const request = Buffer.alloc(12);
    request.writeUInt8(opcode, 0);
    request.writeUInt8(GET_MONITORS, 1);
    request.writeUInt16LE(request.length / 4, 2);
    request.writeUInt32LE(root, 4);
    request.writeUInt8(1, 8); // only those that are on
    try {
      return await this.#x.ask<readonly Monitor[]>((reply) => {
        client.seq_num++;
        client.pack_stream.put(request);
        client.replies[client.seq_num] = [
          monitorsIn,
          (error, found) => reply(error, isList(found) ? found : []),
        ];
        client.pack_stream.submit(true);
      });
    } catch (error) {
      if (isProtocolError(error)) return []; // a RandR before 1.5
      throw error;
    }
  }

  /** Whoever defines a monitor names it. */
  async #nameOf(atom: number): Promise<string> {
    const known = this.#names.get(atom);
    if (known !== undefined) return known;
    const name = await this.#x.askOfWindow<string>((reply) => this.#x.client.GetAtomName(atom, reply));
    const safe = safeLine(name ?? '', NAME_LENGTH);
    const told = safe === '' ? `display ${atom}` : safe;
    this.#names.set(atom, told);
    return told;
  }
}

const placeOf = ({ x, y, width, height }: Rect): string => [x, y, width, height].join();

const isList = (value: unknown): value is readonly Monitor[] => Array.isArray(value);

/** The monitors of a reply, which comes from its ninth byte on. */
function monitorsIn(reply: Buffer): readonly Monitor[] {
  const count = reply.readUInt32LE(4);
  const monitors: Monitor[] = [];
  for (let index = 0, at = HEADER; index < count; index++) {
    monitors.push({
      name: reply.readUInt32LE(at),
      isPrimary: reply.readUInt8(at + 4) !== 0,
      x: reply.readInt16LE(at + 8),
      y: reply.readInt16LE(at + 10),
      width: reply.readUInt16LE(at + 12),
      height: reply.readUInt16LE(at + 14),
    });
    at += MONITOR + 4 * reply.readUInt16LE(at + 6);
  }
  return monitors;
}
