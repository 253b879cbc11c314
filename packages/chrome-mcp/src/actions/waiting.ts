import { ToolError } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import { DocumentGone } from '../browser/failure.ts';
import type { Frame } from '../browser/frame.ts';
import type { Tab } from '../browser/tab.ts';
import { named } from './refusal.ts';
import type { Scene } from './scene.ts';
import { quoted } from './words.ts';

/** What to wait for: exactly one of them. */
export interface Awaited {
  readonly text?: string | undefined;
  readonly gone?: string | undefined;
  /** A part of the address. */
  readonly url?: string | undefined;
  readonly ms?: number | undefined;
}

/** A frame that comes or goes is seen after this. */
const STRETCH_MS = 500;

export interface Patience {
  readonly ms: number;
  readonly tell: (done: number, total?: number, message?: string) => void;
  /** Looks for at most so long: one sentence when it is so, `null` when it is not yet. */
  readonly look: (capMs: number) => Promise<string | null>;
}

/**
 * Waits until it is so, and says what is.
 *
 * @throws ToolError not_in_time
 */
export async function waitUntil(tab: Tab, awaited: Awaited, { ms, tell, look }: Patience): Promise<string> {
  const start = performance.now();
  for (;;) {
    const left = ms - (performance.now() - start);
    const met = await look(Math.min(STRETCH_MS, Math.max(1, left)));
    if (met !== null) return met;
    if (performance.now() - start >= ms) throw late(tab, awaited, ms);
    tell(Math.round(performance.now() - start), ms, 'waiting');
  }
}

function late(tab: Tab, { text, gone, url }: Awaited, ms: number): ToolError {
  const what =
    text !== undefined
      ? `${quoted(text)} did not show up`
      : gone !== undefined
        ? `${quoted(gone)} is still there`
        : `the address is ${quoted(tab.main.url)}, without ${quoted(url ?? '')}`;
  return new ToolError('not_in_time', `Waited ${(ms / 1000).toFixed(1)} s: ${what}`, {
    hint: 'Take a snapshot to see what the page shows instead.',
  });
}

/** One look, in all frames. */
export async function lookFor(
  scene: Pick<Scene, 'tab' | 'signal'>,
  { text, gone, url, ms }: Awaited,
  capMs: number,
): Promise<string | null> {
  const { tab, signal } = scene;
  if (ms !== undefined) {
    await delay(ms, undefined, { signal });
    return `Waited ${ms} ms`;
  }
  if (url !== undefined) {
    if (tab.main.url.includes(url)) return `The address is ${quoted(tab.main.url)}`;
    await delay(Math.min(50, capMs), undefined, { signal });
    return null;
  }
  if (gone !== undefined) {
    const states = await Promise.all(
      tab.frames().map((frame) => textIn(scene, frame, { text: gone, gone: true, capMs })),
    );
    return states.every((state) => state !== null) ? `${quoted(gone)} is gone` : null;
  }
  return firstWith(scene, text ?? '', capMs);
}

async function firstWith(
  scene: Pick<Scene, 'tab' | 'signal'>,
  text: string,
  capMs: number,
): Promise<string | null> {
  const looks = scene.tab.frames().map(async (frame) => {
    const party = await textIn(scene, frame, { text, gone: false, capMs });
    return party === null || party === 'gone' ? null : `${quoted(text)} shows at ${named(party, frame)}`;
  });
  return new Promise((resolve, reject) => {
    for (const look of looks) look.then((met) => (met === null ? undefined : resolve(met)), reject);
    // those that found it have answered by then
    void Promise.allSettled(looks).then(() => resolve(null));
  });
}

async function textIn(
  scene: Pick<Scene, 'signal'>,
  frame: Frame,
  request: { readonly text: string; readonly gone: boolean; readonly capMs: number },
) {
  try {
    return await frame.call('awaitText', request, scene);
  } catch (error) {
    // what waits for a text goes on in the next document
    if (error instanceof DocumentGone) return null;
    throw error;
  }
}
