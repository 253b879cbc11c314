import type { PageRequest } from '../browser/activity.ts';
import { DocumentGone } from '../browser/failure.ts';
import type { Frame } from '../browser/frame.ts';
import type { FrameSnapshot, SnapshotRequest } from '../page/api.ts';
import type { Scene } from './scene.ts';

/** Nothing changed for so long: it rests. */
const QUIET_MS = 30;
/** A page that never rests is not waited for longer. */
const SOFT_MS = 300;
/** After what the action asked for came, to show it. */
const SHOW_MS = 100;
/** The longest wait, and only for what the action itself began. */
const HARD_MS = 5_000;
/** A page that asks for the same thing again and again does so by itself. */
const POLL_COUNT = 2;

/** What the action began and had no end yet; empty when all is there. */
export interface Settled {
  readonly pending: readonly PageRequest[];
  readonly isNavigating: boolean;
  /** A link was followed to something that is saved, and that did not begin. */
  readonly isSaving: boolean;
  /** What was asked to be read, of a document that rests; otherwise `null`. */
  readonly shown: FrameSnapshot | null;
}

/** What is known of a document when it rests, or is about to go. */
interface Rest {
  readonly shown: FrameSnapshot | null;
  readonly isSaving: boolean;
}

const LEAVING: Rest = { shown: null, isSaving: false };

/** Nothing was begun that is not there. */
export const DONE: Settled = { pending: [], isNavigating: false, isSaving: false, shown: null };

interface SettleOptions {
  /** What is read of the document in the time that it is waited for. */
  readonly look?: SnapshotRequest;
}

/** Waits for what an action began, and until the document it acted in rests. */
export async function settle(scene: Scene, frame: Frame, options: SettleOptions = {}): Promise<Settled> {
  const { watch } = scene;
  const counts = new Map<string, number>();
  const stop = watch.onChange((event) => {
    if (event.kind === 'requestStarted')
      counts.set(event.request.url, (counts.get(event.request.url) ?? 0) + 1);
  });
  const start = performance.now();
  const pending = (): readonly PageRequest[] =>
    watch.pendingRequests().filter(({ url }) => (counts.get(url) ?? 0) < POLL_COUNT);
  try {
    const first = await rest(scene, frame, { capMs: SOFT_MS, ...options });
    const began = new Set(pending().map(({ id }) => id));
    const isSaving = (): boolean => first.isSaving && watch.downloads.length === 0 && !hasNavigated(scene);
    const isBusy = (): boolean =>
      isSaving() || isNavigating(scene) || pending().some(({ id }) => began.has(id));
    if (!isBusy() && !hasNavigated(scene)) return { ...DONE, shown: first.shown };
    // the parts of a new page belong to what was begun
    const isLoading = (): boolean => isBusy() || (hasNavigated(scene) && pending().length > 0);
    const left = HARD_MS - (performance.now() - start);
    const isDone = await until(scene, () => !isLoading(), left);
    const isThere = scene.tab.frames().includes(frame);
    const capMs = hasNavigated(scene) ? SOFT_MS : SHOW_MS;
    const { shown } = await rest(scene, isThere ? frame : scene.tab.main, { capMs, ...options });
    return isDone
      ? { ...DONE, shown }
      : { pending: pending(), isNavigating: isNavigating(scene), isSaving: isSaving(), shown };
  } finally {
    stop();
  }
}

const isNavigating = ({ watch }: Scene): boolean => watch.startedNavigations > 0;
const hasNavigated = ({ watch }: Scene): boolean =>
  watch.navigations.some(({ isSameDocument }) => !isSameDocument);

/** Until the document rests, is about to be replaced, or the time is up. */
async function rest(
  scene: Scene,
  frame: Frame,
  { capMs, look }: SettleOptions & { readonly capMs: number },
): Promise<Rest> {
  const leaving = until(scene, () => isNavigating(scene), capMs).then(() => LEAVING);
  const request = { quietMs: QUIET_MS, capMs, ...(look !== undefined && { look }) };
  const quiet = frame.call('settle', request, scene).catch((error: unknown) => {
    if (error instanceof DocumentGone) return LEAVING;
    throw error;
  });
  const rested = await Promise.race([leaving, quiet]);
  quiet.catch(() => undefined); // the document is about to go
  return rested;
}

/** Whether it came true in time; looked at whenever something happens in the tab. */
function until({ watch, signal }: Scene, isTrue: () => boolean, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(isTrue()), Math.max(0, ms));
    const leave = (): void => end(false);
    const stop = watch.onChange(() => {
      // those who keep the watch may hear it after this
      queueMicrotask(() => {
        if (isTrue()) end(true);
      });
    });
    signal.addEventListener('abort', leave, { once: true });
    if (isTrue()) end(true);
    function end(isDone: boolean): void {
      clearTimeout(timer);
      stop();
      signal.removeEventListener('abort', leave);
      resolve(isDone);
    }
  });
}
