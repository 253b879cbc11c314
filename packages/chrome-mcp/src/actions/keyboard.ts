import { ToolError } from '@deskhand/server-runtime';
import type { Protocol } from 'devtools-protocol';
import type { Frame } from '../browser/frame.ts';
import type { Focused } from '../page/action-api.ts';
import { characterKey, keysLike, parseCombo, type Combo, type Key } from './keys.ts';
import { bitsOf, type Modifier } from './pointing.ts';
import { expect, notReceived, overdue } from './proof.ts';
import { nodeOf, notesOf, type Reached } from './reach.ts';
import { named, refusalError } from './refusal.ts';
import { WAIT_MS, type Scene } from './scene.ts';

export interface Press {
  /** Combinations with spaces between them. */
  readonly keys: string;
  /** Typed character by character after the keys. */
  readonly text?: string;
  readonly ref?: string;
}

/** What a combination does in a text on a Mac, where the page alone would not do it. */
const COMMANDS: Readonly<Record<string, string>> = {
  a: 'selectAll',
  c: 'copy',
  x: 'cut',
  v: 'paste',
  z: 'undo',
};

/**
 * Presses keys on an element, or where the focus is.
 *
 * @throws ToolError for a key that no keyboard knows, before anything is pressed
 */
export async function press(scene: Scene, { keys, text = '', ref }: Press): Promise<void> {
  const combos = combosOf(keys);
  const reached = ref === undefined ? await focusedNow(scene) : await focusOn(scene, ref);
  scene.actsIn(reached.frame);
  const typed = Array.from(text).map((character): Combo => ({ modifiers: [], key: characterKey(character) }));
  const events = [...combos, ...typed].flatMap(eventsOf);
  if (events.length === 0) return;
  const what = [keys, ...(text === '' ? [] : [`${typed.length} characters`])]
    .filter((part) => part !== '')
    .join(', ');
  const deed = { did: `Pressed ${what} in ${reached.name}`, notes: reached.notes };
  const wanted = { proof: 'keydown', count: 1 } as const;
  const proof = expect(scene, reached, wanted);
  proof
    .then((evidence) => (evidence !== 'gone' && evidence.received ? scene.did(deed) : undefined))
    .catch(() => undefined); // awaited below
  scene.began({
    did: `Sent ${what} to ${reached.name}`,
    notes: [...reached.notes, 'It was not proven: the page stands still.'],
  });
  const { page } = scene.tab;
  const sent = Promise.all(events.map((event) => page.send('Input.dispatchKeyEvent', event, scene)));
  const evidence = await overdue(scene, reached, { wanted, proof, sent });
  if (evidence === 'gone' && scene.watch.navigations.length > 0) {
    scene.did({ ...deed, notes: [...deed.notes, 'Its page was left at once, before the receipt came.'] });
    return;
  }
  if (evidence === 'gone' || !evidence.received) notReceived(reached, evidence);
  await sent;
}

function combosOf(keys: string): readonly Combo[] {
  if (keys === ' ') return [{ modifiers: [], key: characterKey(' ') }];
  return keys
    .split(/\s+/u)
    .filter((part) => part !== '')
    .map((part) => {
      const combo = parseCombo(part);
      if (!('unknown' in combo)) return combo;
      throw new ToolError(
        'unknown_key',
        `No key is called ${JSON.stringify(combo.unknown)}; nothing was pressed`,
        {
          hint: `Keys are called as in KeyboardEvent.key, joined by +: ${keysLike(combo.unknown).join(', ')}. Text goes into text, or through fill.`,
          details: { suggestions: keysLike(combo.unknown) },
        },
      );
    });
}

async function focusOn(scene: Scene, text: string): Promise<Reached> {
  const { frame, node } = nodeOf(scene, text);
  return reachedOf(frame, await frame.call('focus', { ref: node, waitMs: WAIT_MS }, scene));
}

/** The element with the focus, in the frame that has it. */
async function focusedNow(scene: Scene): Promise<Reached> {
  let frame = scene.tab.main;
  for (;;) {
    const focused = await frame.call('focus', { waitMs: 0 }, scene);
    if (!focused.ok || !focused.isFrame) return reachedOf(frame, focused);
    const inner = await childIn(frame, focused.party.ref, scene.signal);
    if (inner === null) return reachedOf(frame, focused);
    frame = inner;
  }
}

async function childIn(frame: Frame, owner: number, signal: AbortSignal): Promise<Frame | null> {
  for (const child of frame.children) if ((await child.ownerRef(signal)) === owner) return child;
  return null;
}

function reachedOf(frame: Frame, focused: Focused): Reached {
  if (!focused.ok) throw refusalError(focused, frame);
  const ready = { ...focused, x: 0, y: 0, waitedFor: '', waitedMs: 0, isSelect: false };
  return { frame, ready, spot: { x: 0, y: 0 }, name: named(focused.party, frame), notes: notesOf(ready) };
}

type KeyEvent = Protocol.Input.DispatchKeyEventRequest;

function eventsOf({ modifiers, key }: Combo): readonly KeyEvent[] {
  const held = modifiers.map((name) => modifierKey(name));
  const down = held.map((modifier, index) => keyEvent('rawKeyDown', modifier, modifiers.slice(0, index + 1)));
  const up = held.map((modifier, index) => keyEvent('keyUp', modifier, modifiers.slice(0, index))).reverse();
  return [...down, strike(key, modifiers), keyEvent('keyUp', key, modifiers), ...up];
}

function strike(key: Key, modifiers: readonly Modifier[]): KeyEvent {
  // with Control, Alt or Meta held a key is a command and types nothing
  const text = modifiers.some((modifier) => modifier !== 'Shift') ? '' : key.text;
  const command = modifiers.includes('Meta') ? COMMANDS[key.key.toLowerCase()] : undefined;
  return {
    ...keyEvent(text === '' ? 'rawKeyDown' : 'keyDown', key, modifiers),
    ...(text !== '' && { text, unmodifiedText: text }),
    ...(command !== undefined && { commands: [command] }),
  };
}

const modifierKey = (name: Modifier): Key => {
  const combo = parseCombo(name);
  return 'unknown' in combo ? characterKey(name) : combo.key;
};

const keyEvent = (type: KeyEvent['type'], key: Key, modifiers: readonly Modifier[]): KeyEvent => ({
  type,
  key: key.key,
  code: key.code,
  windowsVirtualKeyCode: key.keyCode,
  location: key.location,
  modifiers: bitsOf(modifiers),
});
