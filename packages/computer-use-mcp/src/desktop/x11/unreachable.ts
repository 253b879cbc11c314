import { DesktopUnavailable } from '../failure.ts';

/** Why there is no connection to a display. */
export function unreachable(display: string, cause: unknown): DesktopUnavailable {
  const why = cause instanceof Error ? cause.message : String(cause);
  const name = display === '' ? '(no DISPLAY)' : display;
  return new DesktopUnavailable(`no X server answers at ${name}: ${why}`, { cause });
}

/** The library would take the first screen of this computer for an empty name. */
export function refuseNoDisplay(display: string): void {
  if (display === '') throw new Error('DISPLAY is not set');
}
