import type { DoctorCheck } from '@deskhand/server-runtime';
import type { Decision, Subject } from '@deskhand/tier-policy';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SharedBus } from './accessibility/atspi/shared-bus.ts';
import type { Desktop } from './desktop/desktop.ts';
import type { Obstacles } from './desktop/obstacle.ts';
import { x11Trials } from './desktop/x11/trials.ts';
import { encode, encodeForReading } from './picture.ts';
import type { Recognition } from './recognition/recognition.ts';
import { nameOf } from './session.ts';

export interface CheckOptions {
  readonly recognition: Recognition;
  /** What keeps agents away: locks and prompts. */
  readonly obstacles: readonly Obstacles[];
  readonly desktop: Desktop;
  /** X display; empty when there is none. */
  readonly display: string;
  /** The desktop is that of the X server; other desktops have no X extensions to try. */
  readonly isX11: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const NO_DISPLAY = 'DISPLAY is not set';

/** What `doctor` tries out: everything is really done, and nothing of the screen is kept or shown. */
export const desktopChecks = ({
  desktop,
  display,
  isX11,
  env,
  recognition,
  obstacles,
}: CheckOptions): readonly DoctorCheck[] => [
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
  ...(isX11 ? x11Trials(display) : []).map(({ name, run }) => ({ name, run: () => reached(display, run) })),
  { name: "tell a person's input from a program's", run: () => reached(display, () => quiet(desktop)) },
  { name: 'reach the clipboard', run: () => reached(display, () => clipboard(desktop)) },
  { name: 'see whether the screen is locked', run: () => reached(display, () => lock(obstacles)) },
  { name: 'encode a picture', run: encodePixel },
  { name: 'recognise text', run: (signal) => recognise(recognition, signal) },
  { name: 'find a program for dialogs', run: (signal) => dialogProgram(env, signal) },
  { name: 'reach the accessibility bus', run: () => accessibilityBus(env) },
];

const describe = (subject: Subject): string =>
  subject.kind === 'unknown' ? 'no window, or none whose owner can be proven' : nameOf(subject.app);

async function quiet({ presence }: Desktop): Promise<string> {
  if (presence === null) return 'not on this desktop: a person cannot stop an agent with a key';
  return `nobody touched a device for ${(await presence.idleMs()) / 1000} s`;
}

const NOBODY: Decision = {
  ...{ allowed: false, code: 'not_granted', tier: 'none', needed: 'full', blocker: 'frontmost', app: null },
  ...{ message: 'This is a trial', hint: '' },
};

/** Nothing of what a person copied is asked for. */
async function clipboard({ clipboard: found }: Desktop): Promise<string> {
  if (found === null) return 'not on this desktop';
  const judge = (): Decision => NOBODY;
  await found.read({ by: {}, judge, mayRead: () => false }, new AbortController().signal);
  return 'it answers';
}

async function lock(obstacles: readonly Obstacles[]): Promise<string> {
  const found = await Promise.all(obstacles.map((source) => source.current()));
  const [obstacle] = found.filter((one) => one !== null);
  return obstacle === undefined ? 'it is not' : `${obstacle.by}, so nothing acts now`;
}

async function recognise(recognition: Recognition, signal: AbortSignal): Promise<string> {
  const [width, height] = [64, 32];
  const blank = { pixels: new Uint8Array(width * height * 4).fill(255), width, height };
  await recognition.read(await encodeForReading(blank), signal);
  return 'for windows whose program tells no text';
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
  if ((env['DISPLAY'] ?? '') === '' && (env['WAYLAND_DISPLAY'] ?? '') === '') throw noDisplay();
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
    if (error instanceof Error && 'hint' in error && typeof error.hint === 'string') throw error;
    if (error instanceof Error && error.message.endsWith(NO_DISPLAY)) throw noDisplay();
    const hint =
      display === ''
        ? 'Run it in a graphical session, or name one: --display :0'
        : `Check that the X server ${display} runs and that XAUTHORITY lets you in.`;
    throw error instanceof Error ? Object.assign(error, { hint }) : error;
  }
}

const noDisplay = (): Error => failed(NO_DISPLAY, 'Run it in a graphical session, or name one: --display :0');

const failed = (message: string, hint: string): Error => Object.assign(new Error(message), { hint });
