export { chooseBackend, type Backend, type BackendName, type Surroundings } from './choose.ts';
export { loadBackend, type DesktopOptions, type MakeDesktop } from './open-desktop.ts';
export { NutDesktop, type NutDesktopOptions } from './nut/nut-desktop.ts';
export { loadLibraries, type Libraries } from './nut/libraries.ts';
export type {
  Capture,
  Desktop,
  Gesture,
  Judge,
  Judged,
  Keystroke,
  Scene,
  Steps,
  WindowInfo,
} from './desktop.ts';
