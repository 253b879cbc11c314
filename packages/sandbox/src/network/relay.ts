import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** Passes on what comes from either, until both have ended; when one breaks, the other one does too. */
export function relay(one: Socket, other: Socket): void {
  for (const socket of [one, other]) {
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
  }
  const broken = (error: unknown): void => {
    if (error === undefined || error === null) return;
    one.destroy();
    other.destroy();
  };
  pipeline(one, other, broken);
  pipeline(other, one, broken);
}
