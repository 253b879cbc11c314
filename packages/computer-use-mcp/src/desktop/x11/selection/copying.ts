import type { NotKept } from '../../clipboard.ts';
import { NOTHING, type Contents, type Form, type SelectionAtoms } from './contents.ts';
import type { SelectionReading } from './reading.ts';

type Text =
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'other' | 'secret' | 'silent' };

/** How a text is asked for, the best first. */
const textTargets = (atoms: SelectionAtoms): readonly number[] => [
  atoms('UTF8_STRING'),
  atoms('text/plain;charset=utf-8'),
  atoms('text/plain'),
  atoms('STRING'),
];

/** The text of the selection, or why there is none. */
export async function textOf(
  reading: SelectionReading,
  atoms: SelectionAtoms,
  maxBytes: number,
): Promise<Text> {
  const offered = await reading.targets();
  if (offered === null) return { kind: 'silent' };
  if (offered.includes(atoms('x-kde-passwordManagerHint'))) return { kind: 'secret' };
  const asText = textTargets(atoms);
  // old programs do not say what they have
  const tried = offered.length === 0 ? asText : asText.filter((target) => offered.includes(target));
  for (const target of tried) {
    const got = await reading.convert(target, maxBytes);
    if (got.kind === 'silent') return { kind: 'silent' };
    if (got.kind === 'form') return decoded(got.form, { atoms, maxBytes, isCut: got.isCut });
  }
  return { kind: 'other' };
}

/** The text among contents that were kept. */
export function textIn(contents: Contents, atoms: SelectionAtoms, maxBytes: number): Text {
  const form = textTargets(atoms).flatMap((target) => contents.get(target) ?? [])[0];
  return form === undefined ? { kind: 'other' } : decoded(form, { atoms, maxBytes, isCut: false });
}

interface Decoding {
  readonly atoms: SelectionAtoms;
  readonly maxBytes: number;
  readonly isCut: boolean;
}

function decoded({ type, data }: Form, { atoms, maxBytes, isCut }: Decoding): Text {
  const part = data.subarray(0, maxBytes);
  const isPart = isCut || part.length < data.length;
  if (type === atoms('STRING')) return { kind: 'text', text: part.toString('latin1'), isCut: isPart };
  // of a character that was cut through nothing is left
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(part, { stream: isPart });
  return { kind: 'text', text, isCut: isPart };
}

/** Of one form, and of all together. */
const MAX_FORM_BYTES = 8 * 1024 * 1024;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_FORMS = 32;

export type Kept = { readonly contents: Contents } | { readonly notKept: NotKept };

/** What asks for something else than contents, or changes something. */
const NO_CONTENTS = [
  'DELETE',
  'INSERT_PROPERTY',
  'INSERT_SELECTION',
  'MULTIPLE',
  'SAVE_TARGETS',
  'TARGETS',
  'TIMESTAMP',
] as const;

/**
 * Copies what a selection holds, text first and other forms as far as they fit. A password is not copied, because
 * whoever put it there takes it away again after a while.
 */
export async function keep(reading: SelectionReading, atoms: SelectionAtoms): Promise<Kept> {
  const offered = await reading.targets();
  if (offered === null) return { notKept: 'silent' };
  if (offered.includes(atoms('x-kde-passwordManagerHint'))) return { notKept: 'secret' };
  const none = new Set(NO_CONTENTS.map(atoms));
  const texts = textTargets(atoms);
  const others = offered.filter((target) => !none.has(target) && !texts.includes(target));
  const isToldOf = (target: number): boolean => offered.length === 0 || offered.includes(target);
  const kept = new Map<number, Form>();
  let left = MAX_BYTES;
  let failure: NotKept | null = null;
  for (const target of [...texts.filter(isToldOf), ...others].slice(0, MAX_FORMS)) {
    const got = await reading.convert(target, Math.min(left, MAX_FORM_BYTES));
    if (got.kind === 'silent') {
      failure = 'silent';
      break;
    }
    if (got.kind === 'refused') continue;
    if (got.isCut) {
      failure = 'too_large';
      // less than the whole text would be a text that nobody copied
      if (texts.includes(target)) return { notKept: failure };
      continue;
    }
    kept.set(target, got.form);
    left -= got.form.data.length;
  }
  if (kept.size === 0 && failure !== null) return { notKept: failure };
  return { contents: kept.size === 0 ? NOTHING : kept };
}
