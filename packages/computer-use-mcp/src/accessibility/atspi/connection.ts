import { z } from 'zod';
import { AccessibilityUnavailable } from '../failure.ts';
import { Bus, NO_AUTO_START } from './bus.ts';
import { sessionAddress, unixAddress } from './bus-address.ts';

const addressReply = z.tuple([z.string()]);

const INSIDE_SESSION =
  'Tell the person to start the server inside the graphical session, with DBUS_SESSION_BUS_ADDRESS set.';
const INSTALL = 'Tell the person to install at-spi2-core (apt install at-spi2-core) and to log in again.';

export interface OpenOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Has the session start the bus when it does not run. */
  readonly mayStart: boolean;
  readonly signal: AbortSignal;
}

/**
 * Connects to the accessibility bus of a desktop session.
 *
 * @throws AccessibilityUnavailable, with what a person can do
 */
export async function openAccessibilityBus({ env, mayStart, signal }: OpenOptions): Promise<Bus> {
  const given = env['AT_SPI_BUS_ADDRESS'] ?? '';
  const address = given === '' ? await askForAddress({ env, mayStart, signal }) : given;
  const socket = unixAddress(address);
  if (socket === null)
    throw new AccessibilityUnavailable(
      'The address of the accessibility bus is not a Unix socket',
      'Tell the person; other kinds are not used.',
    );
  return reach('the accessibility bus', INSTALL, () => Bus.open(socket, signal));
}

async function askForAddress({ env, mayStart, signal }: OpenOptions): Promise<string> {
  const session = sessionAddress(env);
  if (session === null)
    throw new AccessibilityUnavailable('There is no D-Bus session bus to ask', INSIDE_SESSION);
  const bus = await reach('the D-Bus session bus', INSIDE_SESSION, () => Bus.open(session, signal));
  try {
    const asking = bus.call({
      destination: 'org.a11y.Bus',
      path: '/org/a11y/bus',
      interface: 'org.a11y.Bus',
      member: 'GetAddress',
      ...(mayStart ? {} : { flags: NO_AUTO_START }),
    });
    return await reach('org.a11y.Bus', INSTALL, async () => {
      const body = await Promise.race([asking, aborted(signal)]);
      return addressReply.parse(body)[0];
    });
  } finally {
    bus.close();
  }
}

async function reach<T>(whom: string, hint: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AccessibilityUnavailable(`${whom} cannot be reached: ${why}`, hint, { cause });
  }
}

/** Rejects when the signal does. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => reject(new Error('it did not answer in time'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
