import type { DoctorCheck } from '@deskhand/server-runtime';
import type { Subject } from '@deskhand/tier-policy';
import type { Desktop } from './desktop/desktop.ts';
import { DesktopUnavailable } from './desktop/failure.ts';
import { nameOf } from './session.ts';

/** What `doctor` tries out: the desktop is really read, and nothing of it is kept or shown. */
export const desktopChecks = (desktop: Desktop, display: string): readonly DoctorCheck[] => [
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
];

const describe = (subject: Subject): string =>
  subject.kind === 'unknown' ? 'no window, or none whose owner can be proven' : nameOf(subject.app);

/** Says how a desktop that cannot be reached is mended. */
async function reached(display: string, work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DesktopUnavailable && error.hint !== null) throw error;
    const hint =
      display === ''
        ? 'Run it in a graphical session, or name one: --display :0'
        : `Check that the X server ${display} runs and that XAUTHORITY lets you in.`;
    throw error instanceof Error ? Object.assign(error, { hint }) : error;
  }
}
