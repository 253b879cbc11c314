import x11, { type XEvent } from 'x11';

import type { Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';

const { SubstructureNotify = 0 } = x11.eventMask;
const TO_ITS_OWNER = 0;
/** Where what a message says begins in it. */
const FIRST_WORD = 12;

/** Waits until an application has handled all the input that it got: it answers a ping only behind it. */
export async function settled({ x }: Desktop, window: number): Promise<void> {
  const [ping, protocols] = [await x.atom('_NET_WM_PING'), await x.atom('WM_PROTOCOLS')];
  let isAnswered = false;
  const onEvent = ({ name, rawData }: XEvent) => {
    if (name === 'ClientMessage' && rawData.readUInt32LE(FIRST_WORD) === ping) isAnswered = true;
  };
  x.client.on('event', onEvent);
  x.client.ChangeWindowAttributes(x.root, { eventMask: SubstructureNotify });
  try {
    x.client.SendClientMessage(window, window, protocols, 32, [ping, 0, window, 0, 0], TO_ITS_OWNER);
    await eventually('an answer to the ping', () => isAnswered);
  } finally {
    x.client.off('event', onEvent);
    x.client.ChangeWindowAttributes(x.root, { eventMask: 0 });
  }
}
