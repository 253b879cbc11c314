import type { DoctorCheck } from '@deskhand/server-runtime';
import type { Subject } from '@deskhand/tier-policy';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SharedBus } from './accessibility/atspi/shared-bus.ts';
import type { Desktop } from './desktop/desktop.ts';
import { DesktopUnavailable } from './desktop/failure.ts';
import { XConnection } from './desktop/x11/connection.ts';
import { encode } from './picture.ts';
import { nameOf } from './session.ts';

export interface CheckOptions {
  readonly desktop: Desktop;
  /** X display; empty when there is none. */
  readonly display: string;
  /** The desktop is that of the X server; other desktops have no X extensions to try. */
  readonly isX11: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Extensions without which a part of the server does without something; those it needs are tried by connecting. */
const WELCOME = [
  ['DAMAGE', 'whether an action changed anything'],
  ['RANDR', 'several displays'],
  ['XFIXES', 'the clipboard'],
] as const;

/** What `doctor` tries out: everything is really done, and nothing of the screen is kept or shown. */
export const desktopChecks = ({ desktop, display, isX11, env }: CheckOptions): readonly DoctorCheck[] => [
  {
    name: 'capture a pixel of the display',
    run: () =>
      reached(display, async () => {
        const { pixels, width, height } = await desktop.capture(() => false);
        if (pixels.length === 0) throw new Error('the picture is empty');
        return `${width} x ${height} pixels`;
      }),
  },
  {
    name: 'read the frontmost window',
    run: () => reached(display, async () => describe((await desktop.frontmost()).frontmost)),
  },
  ...(isX11 ? x11Checks(display) : []),
  { name: 'encode a picture', run: encodePixel },
  { name: 'find a program for dialogs', run: (signal) => dialogProgram(env, signal) },
  { name: 'reach the accessibility bus', run: () => accessibilityBus(env) },
];

const describe = (subject: Subject): string =>
  subject.kind === 'unknown' ? 'no window, or none whose owner can be proven' : nameOf(subject.app);

const x11Checks = (display: string): readonly DoctorCheck[] => [
  {
    name: 'move the pointer to where it is',
    run: () => reached(display, () => connected(display, nudge)),
  },
  {
    name: 'find the extensions of the X server',
    run: () => reached(display, () => connected(display, extensions)),
  },
];

async function connected<T>(display: string, work: (x: XConnection) => Promise<T>): Promise<T> {
  // the library would take the first screen of this computer instead
  if (display === '') throw new Error('DISPLAY is not set');
  const x = await XConnection.open(display);
  try {
    return await work(x);
  } finally {
    x.destroy('it was tried out');
  }
}

async function nudge(x: XConnection): Promise<string> {
  const { rootX, rootY } = await x.ask<{ readonly rootX: number; readonly rootY: number }>((reply) =>
    x.client.QueryPointer(x.root, reply),
  );
  const { xtest } = x.ext;
  xtest.FakeInput(xtest.MotionNotify, 0, 0, x.root, rootX, rootY);
  await x.sync();
  return `XTEST takes input, at ${rootX}, ${rootY}`;
}

async function extensions(x: XConnection): Promise<string> {
  const present = await Promise.all(
    WELCOME.map(([name]) =>
      x.ask<{ readonly present: number }>((reply) => x.client.QueryExtension(name, reply)),
    ),
  );
  const missing = WELCOME.filter((_, index) => present[index]?.present === 0);
  if (missing.length === 0) return `all, with ${WELCOME.map(([name]) => name).join(', ')}`;
  throw failed(
    `it lacks ${missing.map(([name, what]) => `${name} (${what})`).join(', ')}`,
    'The rest works. Use an X server that has it, such as Xorg, Xvfb or Xvnc.',
  );
}

const NOTHING_ON_IT = { masked: [], windows: [], isComposited: false };

async function encodePixel(): Promise<string> {
  const pixel = { pixels: new Uint8Array(4), ...{ width: 1, height: 1 }, ...NOTHING_ON_IT };
  try {
    const { mimeType } = await encode(pixel, { width: 1, height: 1 });
    return `sharp gives ${mimeType}`;
  } catch (cause) {
    throw failed(
      `sharp does not work: ${cause instanceof Error ? cause.message.split('\n', 1).join('') : String(cause)}`,
      'Run: npm install --include=optional sharp',
    );
  }
}

/** How a person is asked when the client cannot ask. */
async function dialogProgram(env: CheckOptions['env'], signal: AbortSignal): Promise<string> {
  if (process.platform !== 'linux') return 'that of the system';
  for (const name of ['zenity', 'kdialog']) {
    try {
      const { stdout } = await promisify(execFile)(name, ['--version'], { env: { ...env }, signal });
      return `${name} ${stdout.trim()}`;
    } catch {
      continue; // not installed, or not able to run here: the other one may be
    }
  }
  throw failed(
    'neither zenity nor kdialog runs, so a person can be asked only by clients that ask themselves',
    'Run: sudo apt install zenity',
  );
}

async function accessibilityBus(env: CheckOptions['env']): Promise<string> {
  const bus = new SharedBus(env);
  try {
    await bus.use(() => Promise.resolve());
    return 'it answers';
  } finally {
    bus.close();
  }
}

/** Says how a desktop that cannot be reached is mended. */
async function reached(display: string, work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DesktopUnavailable && error.hint !== null) throw error;
    if (error instanceof Error && 'hint' in error) throw error;
    const hint =
      display === ''
        ? 'Run it in a graphical session, or name one: --display :0'
        : `Check that the X server ${display} runs and that XAUTHORITY lets you in.`;
    throw error instanceof Error ? Object.assign(error, { hint }) : error;
  }
}

const failed = (message: string, hint: string): Error => Object.assign(new Error(message), { hint });
