import type { Size } from '../../core/geometry.ts';
import { DesktopUnavailable } from '../failure.ts';
import { X11Desktop } from '../x11/x11-desktop.ts';
import type { Eyes } from './eyes.ts';
import { Hands } from './hands.ts';
import { KeyNames } from './key-names.ts';
import type { Libraries, NutJs } from './libraries.ts';
import { ListedEyes } from './listed-eyes.ts';
import type { NutDesktopOptions } from './nut-desktop.ts';
import type { Typist } from './typist.ts';
import { UnicodeTypist } from './unicode-typist.ts';
import { X11Eyes } from './x11-eyes.ts';
import { X11Typist } from './x11-typist.ts';

/** What the adapter consists of while it is in use. */
export interface Parts {
  readonly libraries: Libraries;
  readonly eyes: Eyes;
  readonly hands: Hands;
  readonly typist: Typist;
}

export const sizeOf = async ({ screen }: NutJs): Promise<Size> => ({
  width: await screen.width(),
  height: await screen.height(),
});

/** The X11 adapter whose eyes are used; `null` on other platforms. */
export const x11Of = ({ platform, display, isOwnDialog, abortKey }: NutDesktopOptions): X11Desktop | null =>
  platform === 'linux' ? new X11Desktop({ display, isOwnDialog, abortKey }) : null;

/** Loads the libraries, which end the process when there is no display: so it is looked for first. */
export async function openParts(options: NutDesktopOptions, x11: X11Desktop | null): Promise<Parts> {
  const { platform, display, env, isOwnDialog, load, executablesOf } = options;
  if (x11 !== null) {
    await x11.screen();
    if (env['DISPLAY'] !== display) {
      throw new DesktopUnavailable(`nut-js takes DISPLAY from the environment, which is not ${display}`, {
        hint: `Start the server with DISPLAY=${display}.`,
      });
    }
  }
  const libraries = await load();
  const { nut, windows: library } = libraries;
  const names = new KeyNames(nut.Key, platform);
  const hands = new Hands({ nut, names, platform });
  if (x11 !== null) {
    const typist = new X11Typist(names, display, () => nut.mouse.getPosition());
    return { libraries, hands, eyes: new X11Eyes(x11), typist };
  }
  const eyes = new ListedEyes({
    library,
    sources: { platform: platform === 'macos' ? platform : 'windows', isOwnDialog, executablesOf },
    focus: (window) => nut.providerRegistry.getWindow().focusWindow(window),
    screen: () => sizeOf(nut),
  });
  return { libraries, hands, eyes, typist: new UnicodeTypist(names) };
}
