import { ToolError } from '@deskhand/server-runtime';
import type { Frame } from '../browser/frame.ts';
import type { Spot, Travel } from '../page/action-api.ts';
import { nodeOf, notesOf } from './reach.ts';
import { named, refOf, refusalError } from './refusal.ts';
import type { Scene } from './scene.ts';
import { turnWheel, wheelPlace, type WheelPlace } from './wheeling.ts';
import { quoted } from './words.ts';

export interface Scroll {
  readonly ref?: string | undefined;
  readonly by?: Spot | undefined;
  readonly until?: string | undefined;
}

/** One call into the page; progress is told between them. */
const STRETCH_MS = 1_000;
const MAX_MS = 10_000;

type Tell = (done: number, total?: number, message?: string) => void;

/** Scrolls by an amount, to an element, or until a text is there. */
export async function scroll(scene: Scene, { ref, by, until }: Scroll, tell: Tell): Promise<void> {
  if (until !== undefined) return seek(scene, { text: until, ref }, tell);
  const { frame, node } = ref === undefined ? { frame: scene.tab.main, node: null } : nodeOf(scene, ref);
  scene.actsIn(frame);
  const asked = by ?? (node === null ? { x: 0, y: 600 } : null);
  if (asked === null) return scrollTo(scene, { frame, node, ref: ref ?? '' });
  const over = { frame, node, by: asked };
  const place = node === null ? null : await wheelPlace(scene, over);
  // what listens there, such as a map, is meant, and not what the browser would scroll around it
  if (place?.listens === 'near' && (await didTurn(scene, place, asked))) return;
  const { healed, ...travel } = await scrolledBy(scene, over);
  const notes = notesOf({ healed, waitedFor: '', waitedMs: 0 });
  if (isStill(travel) && place?.listens !== 'near') {
    const behind = place ?? (await wheelPlace(scene, over));
    if (behind !== null && behind.listens !== 'nobody' && (await didTurn(scene, behind, asked))) return;
  }
  scene.did({ did: saidOf(travel, frame), notes });
}

interface Where {
  readonly frame: Frame;
  readonly node: number | null;
}

async function scrollTo(scene: Scene, { frame, node, ref }: Where & { readonly ref: string }): Promise<void> {
  const { healed } = await scrolledBy(scene, { frame, node });
  scene.did({ did: `Scrolled to ${ref}`, notes: notesOf({ healed, waitedFor: '', waitedMs: 0 }) });
}

async function scrolledBy(
  scene: Scene,
  { frame, node, by }: Where & { readonly by?: Spot },
): Promise<Travel & { readonly healed: boolean }> {
  const request = { ...(node !== null && { ref: node }), ...(by !== undefined && { by }) };
  const scrolled = await frame.call('scroll', request, scene);
  if (!scrolled.ok) throw refusalError(scrolled, frame);
  return scrolled;
}

/** Whether a turn of the wheel did anything, which is told then. */
async function didTurn(scene: Scene, place: WheelPlace, by: Spot): Promise<boolean> {
  const { isTaken, scrolled } = await turnWheel(scene, place, by);
  const over = named(place.over, place.frame);
  if (isTaken) {
    const along = by.y === 0 ? `${by.x} px across` : `${by.y} px`;
    const notes = ['The page took it for itself, and nothing scrolled by the browser.'];
    scene.did({ did: `Turned the mouse wheel by ${along} over ${over}`, notes });
    return true;
  }
  if (scrolled === null || isStill(scrolled)) return false;
  scene.did({ did: saidOf(scrolled, place.frame), notes: [`By the mouse wheel over ${over}.`] });
  return true;
}

const isStill = ({ moved }: Travel): boolean => moved.x === 0 && moved.y === 0;

function saidOf(travel: Travel, frame: Frame): string {
  const { party, moved, at, end } = travel;
  const what = party === null ? 'the page' : named(party, frame);
  if (isStill(travel)) return `Nothing scrolled: ${what} is at ${at.y} of ${end.y}`;
  const along = moved.y === 0 ? `${moved.x} px across` : `${moved.y} px`;
  return `Scrolled ${what} by ${along}, to ${at.y} of ${end.y}`;
}

async function seek(
  scene: Scene,
  { text, ref }: { readonly text: string; readonly ref: string | undefined },
  tell: Tell,
): Promise<void> {
  const { frame, node } = ref === undefined ? { frame: scene.tab.main, node: null } : nodeOf(scene, ref);
  scene.actsIn(frame);
  const start = performance.now();
  let steps = 0;
  for (;;) {
    const request = { text, capMs: STRETCH_MS, ...(node !== null && { ref: node }) };
    const sought = await frame.call('seek', request, scene);
    if (!sought.ok) throw refusalError(sought, frame);
    steps += sought.steps;
    if (sought.party !== null) {
      const ofIt = refOf(sought.party, frame);
      scene.did({
        did: `Scrolled ${steps} times: ${quoted(text)} shows at ${named(sought.party, frame)}`,
        notes: [`Use ${ofIt} for it.`],
      });
      return;
    }
    const ms = performance.now() - start;
    if (sought.isAtEnd || ms > MAX_MS) {
      const end = sought.isAtEnd ? 'up to the end' : `for ${Math.round(ms / 1000)} s`;
      throw new ToolError(
        'text_not_found',
        `Scrolled ${steps} times ${end}, and ${quoted(text)} did not show up`,
        {
          hint: 'Look for another text, or go on: it scrolls from where it is.',
        },
      );
    }
    tell(Math.round(ms), MAX_MS, `scrolled ${steps} times`);
  }
}
