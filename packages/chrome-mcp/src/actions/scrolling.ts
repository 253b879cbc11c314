import { ToolError } from '@deskhand/server-runtime';
import type { Spot } from '../page/action-api.ts';
import { nodeOf, notesOf } from './reach.ts';
import { named, refOf, refusalError } from './refusal.ts';
import type { Scene } from './scene.ts';
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
  const asked = by ?? (node === null ? { x: 0, y: 600 } : undefined);
  const scrolled = await frame.call(
    'scroll',
    { ...(node !== null && { ref: node }), ...(asked !== undefined && { by: asked }) },
    scene,
  );
  if (!scrolled.ok) throw refusalError(scrolled, frame);
  scene.actsIn(frame);
  const { party, moved, at, end } = scrolled;
  const notes = notesOf({ healed: scrolled.healed, waitedFor: '', waitedMs: 0 });
  const what = party === null ? 'the page' : named(party, frame);
  if (asked === undefined) {
    scene.did({ did: `Scrolled to ${ref ?? ''}`, notes });
    return;
  }
  if (moved.x === 0 && moved.y === 0) {
    scene.did({ did: `Nothing scrolled: ${what} is at ${at.y} of ${end.y}`, notes });
    return;
  }
  const along = moved.y === 0 ? `${moved.x} px across` : `${moved.y} px`;
  scene.did({ did: `Scrolled ${what} by ${along}, to ${at.y} of ${end.y}`, notes });
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
