import { ToolError } from '@deskhand/server-runtime';
import type { Frame } from '../browser/frame.ts';
import type { Filled, FillField } from '../page/action-api.ts';
import { originOf } from './origin.ts';
import { nodeOf } from './reach.ts';
import { named, refOf } from './refusal.ts';
import { WAIT_MS, type Scene } from './scene.ts';
import { quoted } from './words.ts';

export interface FieldValue {
  readonly ref: string;
  readonly value: FillField['value'];
}

type Problem = Extract<Filled, { ok: false }>['problem'];

const HINTS: Readonly<Record<Problem, string>> = {
  stale: 'Take a snapshot for new references.',
  hidden: 'Open what it is in first.',
  disabled: 'Do first what the page asks for.',
  covered: 'Deal with that first: close it, or answer it.',
  readonly: 'It may have a button or a picker beside it.',
  unfocusable: 'Something modal may be open: take a snapshot.',
  unfillable: 'Use click for it, or the reference of the field in it.',
  value: 'Give it one that it takes.',
  file: 'Use upload of the group "files" for it.',
  custom: 'Click it, take a snapshot, and click the option; or press_key ArrowDown and Enter.',
};

interface Outcome {
  readonly frame: Frame;
  readonly filled: Filled;
}

/**
 * Fills fields, those of one frame that follow one another in one go.
 *
 * @throws ToolError when one of them was not filled; it says which ones were
 */
export async function fillFields(scene: Scene, fields: readonly FieldValue[]): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const { frame, nodes } of byFrame(scene, fields)) {
    scene.actsIn(frame);
    const filled = await frame.call('fill', { fields: nodes, waitMs: WAIT_MS }, scene);
    outcomes.push(...filled.map((one) => ({ frame, filled: one })));
  }
  const done = outcomes.flatMap(({ frame, filled }) => (filled.ok ? [deedOf(filled, frame)] : []));
  for (const { ref, isKept } of done) if (isKept) scene.holds(ref);
  const failed = outcomes.flatMap(({ frame, filled }) => (filled.ok ? [] : [{ filled, frame }]));
  if (failed.length > 0) throw unfilled(failed, { done, only: fields.length === 1 });
  scene.did({
    did: `Filled ${listed(done)}`,
    notes: done.flatMap(({ notes }) => notes),
  });
}

function byFrame(
  scene: Scene,
  fields: readonly FieldValue[],
): readonly { readonly frame: Frame; readonly nodes: readonly FillField[] }[] {
  const groups: { readonly frame: Frame; readonly nodes: FillField[] }[] = [];
  for (const { ref, value } of fields) {
    const { frame, node } = nodeOf(scene, ref);
    const field = { ref: node, ...revealed(value, scene.secrets, frame) };
    const last = groups.at(-1);
    if (last?.frame === frame) last.nodes.push(field);
    else groups.push({ frame, nodes: [field] });
  }
  return groups;
}

function revealed(
  value: FillField['value'],
  secrets: Scene['secrets'],
  frame: Frame,
): Omit<FillField, 'ref'> {
  const put = (text: string): string => secrets.reveal(text, [originOf(frame)]);
  const isSecret = [value].flat().some((part) => typeof part === 'string' && secrets.isNamedIn(part));
  if (!isSecret) return { value };
  if (typeof value === 'string') return { value: put(value), isSecret };
  return { value: Array.isArray(value) ? value.map(put) : value, isSecret };
}

interface FieldDeed {
  readonly name: string;
  readonly ref: string;
  /** It has what was asked for. */
  readonly isKept: boolean;
  readonly notes: readonly string[];
}

/** More than these are told by their references, as they were given. */
const MOST_NAMED = 3;

const listed = (done: readonly FieldDeed[]): string =>
  done.length <= MOST_NAMED
    ? done.map(({ name }) => name).join(', ')
    : `${done.length} fields: ${done.map(({ ref }) => ref).join(', ')}`;

function deedOf(filled: Extract<Filled, { ok: true }>, frame: Frame): FieldDeed {
  const name = named(filled.party, frame);
  const kept = filled.kept === null ? 'another value than that' : quoted(filled.kept);
  return {
    name,
    ref: refOf(filled.party, frame),
    isKept: !filled.differs,
    notes: [
      ...(filled.healed ? [`${name} was drawn anew and found again (healed).`] : []),
      ...(filled.differs ? [`The page made it ${kept} in ${name}.`] : []),
      ...(filled.isCombobox
        ? [`${name} may have opened a list: click the option, or press_key ArrowDown and Enter.`]
        : []),
    ],
  };
}

type Failed = { readonly filled: Extract<Filled, { ok: false }>; readonly frame: Frame };

/** Codes of problems that one field has as any element has them. */
const CODES: Partial<Readonly<Record<Problem, string>>> = {
  ...{ stale: 'stale_ref', file: 'file_input', covered: 'covered_by' },
};

function unfilled(
  failed: readonly Failed[],
  { done, only }: { readonly done: readonly FieldDeed[]; readonly only: boolean },
): ToolError {
  const lines = failed.map(({ filled, frame }) => {
    const what = filled.party === null ? 'The element' : named(filled.party, frame);
    const by = filled.blocker === null ? '' : `: ${named(filled.blocker, frame)}`;
    const choices = filled.choices.map((one) => ` ${quoted(one)}`).join(',');
    return `${what}: ${filled.why}${choices}${by}`;
  });
  const hints = [...new Set(failed.map(({ filled }) => HINTS[filled.problem]))].join(' ');
  const others = done.length === 0 ? '' : `; filled: ${listed(done)}`;
  const [first] = failed;
  const code = only && first !== undefined ? CODES[first.filled.problem] : undefined;
  return new ToolError(code ?? 'not_filled', `Not filled: ${lines.join('; ')}${others}`, { hint: hints });
}
