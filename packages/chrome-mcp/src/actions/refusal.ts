import { ToolError } from '@deskhand/server-runtime';
import type { Frame } from '../browser/frame.ts';
import { formatRef } from '../core/ref.ts';
import type { Obstacle, Party, Refusal } from '../page/action-api.ts';
import { quoted } from './words.ts';

/** Codes of the obstacles, and what to do about them. */
const OBSTACLES: Readonly<Record<Obstacle, { readonly code: string; readonly hint: string }>> = {
  stale: { code: 'stale_ref', hint: 'Take a snapshot for new references.' },
  hidden: {
    code: 'not_visible',
    hint: 'Open what it is in first (a menu, a tab, a dialog), and take a snapshot.',
  },
  disabled: {
    code: 'element_disabled',
    hint: 'Do first what the page asks for, or wait_for what enables it.',
  },
  moving: {
    code: 'element_moving',
    hint: 'Stop the animation, or click its place by x and y.',
  },
  covered: { code: 'covered_by', hint: 'Deal with that first: close it, or answer it.' },
  outside: { code: 'out_of_view', hint: 'Take a snapshot or a screenshot to see what shows.' },
  untouchable: { code: 'no_pointer_events', hint: 'Act on the element around or below it.' },
  option: { code: 'use_fill', hint: 'Use fill with the reference of the list and the label of the option.' },
  file: { code: 'file_input', hint: 'Use upload_file, which enable {"groups": ["files"]} switches on.' },
};

/** `button "Save" (e12)`; what has no role is named by its tag, which is a word of the page too. */
export function named(party: Party, frame: Frame): string {
  const role = party.role === '' || party.role === 'generic' ? quoted(`<${party.tag}>`) : party.role;
  const name = party.name === '' ? '' : ` ${quoted(party.name)}`;
  return `${role}${name} (${refOf(party, frame)})`;
}

export const refOf = ({ ref }: Party, { ordinal }: Frame): string => formatRef({ frame: ordinal, node: ref });

/** The refusal of a page as the error that the caller reads. */
export function refusalError({ obstacle, why, party, blocker, waitedMs }: Refusal, frame: Frame): ToolError {
  const { code, hint } = OBSTACLES[obstacle];
  const what = party === null ? 'The element' : named(party, frame);
  const waited = waitedMs > 200 ? ` (waited ${seconds(waitedMs)})` : '';
  const by = blocker === null ? '' : `: ${named(blocker, frame)}`;
  return new ToolError(code, `Nothing was done: ${what}: ${why}${by}${waited}`, {
    hint,
    details: {
      ...(party !== null && { ref: refOf(party, frame) }),
      ...(blocker !== null && {
        blocker: { ref: refOf(blocker, frame), role: blocker.role, name: blocker.name },
      }),
    },
  });
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
