import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Bus, HeardCall, MethodCall } from '../../../accessibility/atspi/bus.ts';
import { windowScript } from './window-script.ts';

const KWIN = 'org.kde.KWin';
const SCRIPTING = { destination: KWIN, path: '/Scripting', interface: 'org.kde.kwin.Scripting' } as const;
const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const;
const CALLED = { interface: 'org.deskhand.Windows', member: 'Tell' } as const;
const ANSWER_MS = 3000;

const idReply = z.tuple([z.int().nonnegative()]);
const nameReply = z.tuple([z.string()]);
const told = z.tuple([z.string()]);

/** Asks KWin for its windows, with a script that KWin runs and that calls back. */
export class WindowQuery {
  readonly #bus: Bus;
  readonly #waiting = new Map<string, (call: HeardCall) => void>();
  #asked = 0;

  constructor(bus: Bus) {
    this.#bus = bus;
    bus.onCall((call) => this.#waiting.get(call.path)?.(call));
  }

  get isLost(): boolean {
    return this.#bus.isLost;
  }

  /** The JSON that the script made. */
  async ask(): Promise<string> {
    this.#asked += 1;
    const path = `/org/deskhand/windows/${this.#asked}`;
    const plugin = `deskhand-${process.pid}-${this.#asked}`;
    const folder = await mkdtemp(join(tmpdir(), 'deskhand-kwin-'));
    const file = join(folder, 'windows.js');
    try {
      const [kwin] = nameReply.parse(await this.#call({ ...BUS, member: 'GetNameOwner' }, KWIN));
      await writeFile(file, windowScript({ name: this.#bus.name, path, ...CALLED }));
      const [id] = idReply.parse(await this.#call({ ...SCRIPTING, member: 'loadScript' }, file, plugin));
      const [text] = await Promise.all([this.#callFrom(kwin, path), this.#run(id)]);
      return text;
    } finally {
      this.#waiting.delete(path);
      await rm(folder, { recursive: true });
      // one that stays is no harm: it has run
      await this.#call({ ...SCRIPTING, member: 'unloadScript' }, plugin).catch(() => undefined);
    }
  }

  close(): void {
    this.#bus.close();
  }

  /** KWin 6 has scripts below `/Scripting`, KWin 5 at the root. */
  async #run(id: number): Promise<void> {
    const script = { destination: KWIN, interface: 'org.kde.kwin.Script', member: 'run' };
    await this.#call({ ...script, path: `/Scripting/Script${id}` }).catch(() =>
      this.#call({ ...script, path: `/${id}` }),
    );
  }

  /** What the owner of a name says to us; others are not heard. */
  #callFrom(sender: string, path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('its script did not call back in time')), ANSWER_MS);
      this.#waiting.set(path, (call) => {
        const text = told.safeParse(call.body);
        if (call.sender !== sender || call.member !== CALLED.member || !text.success) return;
        clearTimeout(late);
        resolve(text.data[0]);
      });
    });
  }

  #call(
    call: Omit<MethodCall, 'signature' | 'body'>,
    ...body: readonly string[]
  ): Promise<readonly unknown[]> {
    return this.#bus.call({ ...call, signature: 's'.repeat(body.length), body: [...body] });
  }
}
