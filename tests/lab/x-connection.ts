import x11, { type XClient, type XDisplay } from 'x11';

import type { Closable } from './belongings.ts';
import { credentialsOf } from './x-server.ts';

type Send<T> = (client: XClient, done: (error: Error | null | undefined, value: T) => boolean) => void;

/** An X client inside the test process: it looks and arranges, but never injects input. */
export interface XConnection extends Closable {
  readonly display: XDisplay;
  readonly client: XClient;
  readonly root: number;
  ask<T>(send: Send<T>): Promise<T>;
  atom(name: string): Promise<number>;
  /** The property's bytes; none when the window lacks it. */
  property(window: number, name: string): Promise<Buffer>;
  numbers(window: number, name: string): Promise<readonly number[]>;
}

export interface XAddress {
  readonly display: string;
  readonly cookie: Buffer;
}

async function open({ display, cookie }: XAddress): Promise<XDisplay> {
  return new Promise((resolve, reject) => {
    const client = x11.createClient({ display, auth: credentialsOf(cookie) }, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
    // A refused cookie comes here; later, so do errors about windows that are gone, which whoever asks gets too.
    client.on('error', reject);
  });
}

const LAST_PREDEFINED_ATOM = 68;

/** Atoms differ between servers: gives the connection a table of its own with those of the protocol. */
function forgetOtherServers(client: XClient): void {
  const predefined = Object.entries(client.atoms).filter(([, id]) => id <= LAST_PREDEFINED_ATOM);
  client.atoms = Object.fromEntries(predefined);
}

export async function connectX(address: XAddress): Promise<XConnection> {
  const display = await open(address);
  const { client } = display;
  const root = display.screen[0]?.root;
  if (root === undefined) throw new Error('the X server has no screen');
  forgetOtherServers(client);
  const atoms = new Map<string, number>();
  const waiting = new Set<(reason: Error) => void>();
  const hungUp = new Promise<void>((resolve) => client.on('end', resolve)).then(() => {
    for (const reject of waiting) reject(new Error('the X server hung up'));
  });

  const ask: XConnection['ask'] = (send) =>
    new Promise((resolve, reject) => {
      waiting.add(reject);
      send(client, (error, value) => {
        waiting.delete(reject);
        if (error) reject(error);
        else resolve(value);
        return true; // The promise has the error.
      });
    });
  const atom = async (name: string) => {
    const known = atoms.get(name) ?? (await ask<number>((x, done) => x.InternAtom(false, name, done)));
    atoms.set(name, known);
    return known;
  };
  const property = async (window: number, name: string) => {
    const id = await atom(name);
    const { data } = await ask<{ data: Buffer }>((x, done) =>
      x.GetProperty(0, window, id, 0, 0, 65_536, done),
    );
    return data;
  };
  return {
    display,
    client,
    root,
    ask,
    atom,
    property,
    numbers: async (window, name) => {
      const data = await property(window, name);
      return Array.from({ length: data.length >> 2 }, (_, index) => data.readUInt32LE(index * 4));
    },
    close: async () => {
      client.terminate();
      await hungUp;
    },
  };
}
