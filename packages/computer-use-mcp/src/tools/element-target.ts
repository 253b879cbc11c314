import { ToolError, quoted } from '@deskhand/server-runtime';
import type { SeenElement } from '../accessibility/accessibility.ts';
import { PASSWORD_ROLE } from '../accessibility/accessibility.ts';
import type { ElementTable, KnownElement } from '../accessibility/element-table.ts';
import type { DesktopSession } from '../session.ts';
import { asReadWindow, sameWindow, type ReadableWindow } from './readable-window.ts';

/** @throws ToolError `unknown_element` */
export function knownElement(table: ElementTable, ref: string): KnownElement {
  const known = table.get(ref);
  if (known !== null) return known;
  throw new ToolError('unknown_element', `No element was shown as ${quoted(ref, 40)}`, {
    hint: 'Use a reference such as e17 from the last get_ui_tree or find_element.',
  });
}

export const stale = (ref: string, why: string): ToolError =>
  new ToolError('stale_element', `Element ${ref} is out of date: ${why}`, {
    hint: 'Nothing was done. Use find_element or get_ui_tree again for a new reference.',
  });

/** An element that is still what it was when it was shown. */
export interface ElementNow {
  readonly window: ReadableWindow;
  readonly seen: SeenElement;
}

/** @throws ToolError `stale_element` */
export async function windowOf(session: DesktopSession, known: KnownElement): Promise<ReadableWindow> {
  const window = await sameWindow(session, known.window);
  if (window === null) throw stale(known.ref, 'its window was closed');
  return window;
}

/**
 * Looks at an element again.
 *
 * @throws ToolError `stale_element` when it is gone or is another thing by now, `password_field`
 */
export async function elementNow(
  session: DesktopSession,
  known: KnownElement,
  signal: AbortSignal,
): Promise<ElementNow> {
  const window = await windowOf(session, known);
  const seen = await session.accessibility.look(asReadWindow(window), known, signal);
  if (seen === null) throw stale(known.ref, 'the window has it no more');
  if (seen.role === PASSWORD_ROLE) {
    throw new ToolError('password_field', `Element ${known.ref} is a password field`, {
      hint: 'Password fields are left to the person: ask them to fill it in.',
    });
  }
  if (seen.role !== known.role || seen.name !== known.name) {
    throw stale(known.ref, `it is a ${seen.role} named ${quoted(seen.name)} now`);
  }
  return { window, seen };
}

/** Such as `button "OK" (e17)`. */
export const called = ({ role, name, ref }: KnownElement): string =>
  `${role}${name === '' ? '' : ` ${quoted(name)}`} (${ref})`;
