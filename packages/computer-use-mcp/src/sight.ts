import { Recent } from '@deskhand/server-runtime';
import { createHash } from 'node:crypto';
import type { Accessibility, PasswordFields } from './accessibility/accessibility.ts';
import { capturePart, capturedSize, type Display } from './core/frame.ts';
import { intersection, type Rect } from './core/geometry.ts';
import { placesOf } from './core/password-places.ts';
import { apart, blacken } from './core/redaction.ts';
import type { Capture } from './desktop/desktop.ts';
import { DesktopBusy } from './desktop/failure.ts';

/** Programs tell of new fields a moment after they draw them; an answer counts until then for nothing but itself. */
const SETTLED_MS = 2000;

/** A picture of one display without anything that may not be seen. */
export interface Sight {
  readonly capture: Capture;
  /** Password fields were blackened in it. */
  readonly hidesPasswords: boolean;
  /** Processes that show windows and did not say in time where their password fields are. */
  readonly silent: readonly number[];
}

export interface LookOptions {
  readonly display: Display;
  /** Takes the picture, with everything black that is not granted. */
  readonly take: () => Promise<Capture>;
  readonly signal: AbortSignal;
}

/** A caret, or a second hand, goes back and forth between a few pictures. */
const MAX_KNOWN = 8;

/** What was found in a picture. */
interface Known {
  /** When it was seen first. */
  readonly since: number;
  readonly found: PasswordFields;
  /** It showed the same for so long before the answers that they are about all of it. */
  readonly isFinal: boolean;
}

/**
 * Takes pictures without password fields. Programs are asked where theirs are whenever a picture differs from the
 * last few, and the picture is taken again behind their answers: when it is still the same, nothing has moved.
 */
export class Sights {
  readonly #accessibility: Pick<Accessibility, 'passwordFields'>;
  readonly #known = new Recent<string, Known>(MAX_KNOWN);

  constructor(accessibility: Pick<Accessibility, 'passwordFields'>) {
    this.#accessibility = accessibility;
  }

  async look({ display, take, signal }: LookOptions): Promise<Sight> {
    const first = await taken(display, take);
    const digest = digestOf(first);
    const known = this.#known.get(digest);
    if (known?.isFinal === true) return hide(first, display, [known.found]);
    const since = known?.since ?? performance.now();
    const isFinal = performance.now() - since > SETTLED_MS;
    const found = await this.#find(first, signal);
    if (found === null) return { capture: first, hidesPasswords: false, silent: [] };
    this.#known.set(digest, { since, found, isFinal: isFinal && found.silent.length === 0 });
    const second = await taken(display, take);
    if (digestOf(second) === digest) return hide(second, display, [found]);
    const again = await this.#find(second, signal);
    return hide(second, display, again === null ? [found] : [found, again]);
  }

  async #find({ windows }: Capture, signal: AbortSignal): Promise<PasswordFields | null> {
    const pids = [...new Set(windows.map(({ pid }) => pid))];
    return pids.length === 0 ? null : this.#accessibility.passwordFields(pids, signal);
  }
}

async function taken({ name, ...area }: Display, take: LookOptions['take']): Promise<Capture> {
  const capture = await take();
  const { width, height } = capturedSize({ name, ...area });
  if (capture.width === width && capture.height === height) return capture;
  throw new DesktopBusy('the displays are being changed');
}

const digestOf = ({ pixels, windows }: Capture): string =>
  createHash('sha256').update(JSON.stringify(windows)).update(pixels).digest('base64');

/** Blackens every place that one of the answers may mean. */
function hide(capture: Capture, display: Display, found: readonly PasswordFields[]): Sight {
  const places = found.flatMap(({ fields }) => fields.flatMap((field) => placesOf(field, capture.windows)));
  const rects = places.flatMap((place): readonly Rect[] => {
    const onDisplay = intersection(place, display);
    return onDisplay === null ? [] : [capturePart(display, onDisplay)];
  });
  blacken(capture.pixels, capture.width, apart(rects));
  const silent = [...new Set(found.flatMap((answer) => answer.silent))];
  return { capture, hidesPasswords: rects.length > 0, silent };
}
