import type { XEvent } from 'x11';

import { eventually } from './eventually.ts';
import type { XConnection } from './x-connection.ts';

const SELECTION_NOTIFY = 31;
const REPLACE = 0;
const NONE = 0;

/** One paste, as an application does it. */
export interface Asking {
  /** Whose window gets the answer, whoever asks. */
  readonly window: number;
  /** Such as `UTF8_STRING`; several are asked for in one MULTIPLE. */
  readonly targets: readonly string[];
  /** CLIPBOARD unless told. */
  readonly selection?: string;
  readonly timeoutMs?: number | undefined;
}

const words = (values: readonly number[]): Buffer => {
  const data = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => data.writeUInt32LE(value, index * 4));
  return data;
};

/** Puts the pairs of a MULTIPLE into the window, and gives the properties that it is to fill. */
async function preparePairs(x: XConnection, window: number, targets: readonly string[]) {
  const into = await Promise.all(targets.map((_, index) => x.atom(`LAB_PASTE_${index}`)));
  const atoms = await Promise.all(targets.map((target) => x.atom(target)));
  const pairs = words(atoms.flatMap((target, index) => [target, into[index] ?? NONE]));
  x.client.ChangeProperty(REPLACE, window, await x.atom('LAB_PASTE'), await x.atom('ATOM_PAIR'), 32, pairs);
  return into.map((_, index) => `LAB_PASTE_${index}`);
}

async function valueOf(x: XConnection, window: number, property: string): Promise<string> {
  const data = await x.property(window, property);
  if (property !== 'LAB_PASTE' || !(await isListOfAtoms(x, window))) return data.toString();
  return Array.from({ length: data.length >> 2 }, (_, at) => data.readUInt32LE(at * 4)).join(' ');
}

async function isListOfAtoms(x: XConnection, window: number): Promise<boolean> {
  const property = await x.atom('LAB_PASTE');
  const { format } = await x.ask<{ readonly format: number }>((client, done) =>
    client.GetProperty(0, window, property, 0, 0, 0, done),
  );
  return format === 32;
}

/**
 * Asks whoever owns the selection for it, as a paste does: for each target what came, or `null` when it was refused.
 * A list, such as that of TARGETS, comes as numbers with spaces between.
 */
export async function askSelection(
  x: XConnection,
  { window, targets, selection = 'CLIPBOARD', timeoutMs = 5000 }: Asking,
): Promise<readonly (string | null)[]> {
  const isOne = targets.length === 1;
  const [name, target, property] = await Promise.all([
    x.atom(selection),
    x.atom(isOne ? (targets[0] ?? '') : 'MULTIPLE'),
    x.atom('LAB_PASTE'),
  ]);
  const into = isOne ? ['LAB_PASTE'] : await preparePairs(x, window, targets);
  const answers: XEvent[] = [];
  const onEvent = (event: XEvent) => {
    if (event.type === SELECTION_NOTIFY && event.requestor === window && event.target === target)
      answers.push(event);
  };
  x.client.on('event', onEvent);
  try {
    x.client.ConvertSelection(window, name, target, property, 0);
    const answer = await eventually('an answer to the paste', () => answers[0], timeoutMs);
    if (answer.property === NONE) return targets.map(() => null);
    const filled = isOne ? [property] : pairsOf(await x.property(window, 'LAB_PASTE'));
    return await Promise.all(
      into.map(async (one, index) => (filled[index] === NONE ? null : valueOf(x, window, one))),
    );
  } finally {
    x.client.off('event', onEvent);
  }
}

const pairsOf = (data: Buffer): readonly number[] =>
  Array.from({ length: data.length >> 3 }, (_, at) => data.readUInt32LE(at * 8 + 4));
