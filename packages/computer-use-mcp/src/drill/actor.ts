import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { appearance, order, type Answer, type Appearance, type Order } from './actor-protocol.ts';

/** What an actor has on the screen. */
export interface ActorWindows {
  /** The number that the window system gave its window; 0 where a client is not told. */
  readonly window: number;
  obey(order: Order): Promise<Answer>;
  close(): void;
}

interface Surroundings {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Opens its windows, counts what they get, and does as it is told. */
export async function act(look: string, { stdin, stdout, env }: Surroundings): Promise<void> {
  const appears = appearance.parse(JSON.parse(look));
  const windows = await openWindows(appears);
  if (appears.hasTree) await tellOfElements(appears, env);
  const say = (line: object): void => void stdout.write(`${JSON.stringify(line)}\n`);
  say({ window: windows.window });
  for await (const line of createInterface({ input: stdin })) {
    say(await windows.obey(order.parse(JSON.parse(line))));
  }
  windows.close();
}

/** A client of Wayland does not know where it is. */
async function tellOfElements(
  { title, place, windowSystem }: Appearance,
  env: Surroundings['env'],
): Promise<void> {
  const { joinAccessibility } = await import('./actor-tree.ts');
  const seen = windowSystem === 'x11' ? place : { ...place, x: 0, y: 0 };
  await joinAccessibility({ title, place: seen, env });
}

async function openWindows(look: Appearance): Promise<ActorWindows> {
  if (look.windowSystem === 'x11') return (await import('./x11/x11-actor.ts')).openX11Windows(look);
  return (await import('./sway/wayland-actor.ts')).openWaylandWindow(look);
}
