import type { Mount } from '@deskhand/sandbox';
import { ToolError } from '@deskhand/server-runtime';
import { changesBetween } from '../files/changes.ts';
import { decode } from '../files/encoding.ts';
import { Difference, type Change } from './difference.ts';
import type { Owner } from './held-folder.ts';
import { isSameNode, type Left, type Node, type Step } from './node.ts';
import type { Objects } from './objects.ts';
import { Restore } from './restore.ts';
import { isInside, shownPath, withoutInner, type Part } from './scopes.ts';
import type { Snapshot } from './snapshot.ts';

export interface UndoRequest {
  /** This step alone; the newest one when neither is given. */
  readonly step?: number | undefined;
  /** This step and all after it. */
  readonly to?: number | undefined;
  readonly dryRun?: boolean | undefined;
  /** Also what somebody else changed since. */
  readonly overwrite?: boolean | undefined;
}

export interface UndoAnswer {
  readonly steps: readonly number[];
  /** What was changed, or would be. */
  readonly made: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
  /** What somebody else changed since. */
  readonly foreign: readonly string[];
  readonly failed: readonly Left[];
  /** The step that the undo is, so that it can be undone too. */
  readonly number: number | null;
  /** What was taken back was itself an undo. */
  readonly again: Again | null;
}

/** Steps that were taken back once, and that are not any more. */
export interface Again {
  readonly steps: readonly number[];
  /** The newest step from before them that is no undo. */
  readonly earlier: number | null;
}

export interface UndoParts {
  readonly objects: Objects;
  readonly session: string;
  readonly mounts: readonly Mount[];
  readonly owner: Owner | null;
  readonly look: (isHashOnly: boolean) => Snapshot;
  readonly now: (look: Snapshot, part: Part) => Promise<Node | null>;
  readonly take: (what: Pick<Step, 'label' | 'undoes'>, parts: readonly Part[]) => Promise<Step>;
  /** Notes what it came to. */
  readonly finish: (step: Step) => Promise<unknown>;
}

/** A path that is to be what it was. */
interface Wanted extends Part {
  readonly before: Node | null;
  /** What the agent left there; absent when that is not known. */
  readonly expected: Node | null | undefined;
}
interface Planned extends Wanted {
  readonly now: Node | null;
}

/** Takes steps back: what each of them changed, the newest first. */
export class Undo {
  readonly #parts: UndoParts;
  readonly #all: readonly Step[];
  readonly #difference: Difference;

  constructor(parts: UndoParts, all: readonly Step[]) {
    this.#parts = parts;
    this.#all = all;
    this.#difference = new Difference(parts.objects);
  }

  async run(request: UndoRequest): Promise<UndoAnswer> {
    const steps = this.#chosen(request);
    const parts = withoutInner(steps.flatMap(({ scopes }) => scopes).filter((part) => this.#isMounted(part)));
    const numbers = steps.map(({ number }) => number);
    const label = `undo of ${numbers.length === 1 ? 'step' : 'steps'} ${numbers.join(', ')}`;
    const look = this.#parts.look(false);
    const tops: Top[] = [];
    for (const part of parts) tops.push({ ...part, node: await this.#parts.now(look, part) });
    const planned = this.#wanted(steps, tops).flatMap((wanted): Planned[] => {
      const now = this.#at(tops, wanted);
      return now?.kind === 'left' || isSameNode(now, wanted.before) ? [] : [{ ...wanted, now }];
    });
    const foreign = planned.filter(
      ({ expected, now }) => expected === undefined || !isSameNode(now, expected),
    );
    if (request.dryRun === true) return this.#answer(numbers, planned, { foreign, failed: [], number: null });
    if (foreign.length > 0 && request.overwrite !== true) throw this.#changedSince(foreign, steps);
    if (planned.length === 0) return this.#answer(numbers, planned, { foreign, failed: [], number: null });
    const step = await this.#parts.take({ label, undoes: numbers }, parts);
    const failed = await this.#restore(planned);
    await this.#parts.finish(step);
    return this.#answer(numbers, planned, { foreign, failed, number: step.number });
  }

  #chosen({ step, to }: UndoRequest): readonly Step[] {
    const newest = this.#all.at(-1)?.number;
    const from = to ?? step ?? newest;
    const chosen = this.#all.filter(({ number }) => (to === undefined ? number === from : number >= to));
    if (chosen.some(({ number }) => number === from)) return chosen;
    const [first] = this.#all;
    const message =
      first === undefined
        ? 'there is no step to undo'
        : `there is no step ${from ?? 1}: there are ${first.number} to ${newest ?? 1}`;
    throw new ToolError('no_such_step', message, { hint: 'checkpoint lists them.' });
  }

  /** Of a path that several steps changed, what it was before the first and after the last of them. */
  #wanted(steps: readonly Step[], tops: readonly Top[]): readonly Wanted[] {
    const wanted = new Map<string, Wanted>();
    for (const { scopes } of steps.toReversed()) {
      for (const scope of scopes.filter((part) => this.#isMounted(part))) {
        const after = scope.after === undefined ? this.#at(tops, scope) : scope.after;
        for (const change of this.#difference.between({ path: scope.path, before: scope.before, after })) {
          const key = `${scope.folder}\0${change.path}`;
          const expected = scope.after === undefined ? undefined : change.after;
          const known = wanted.get(key);
          const { folder } = scope;
          wanted.set(key, {
            ...{ folder, path: change.path, before: change.before },
            expected: known?.expected === undefined ? expected : known.expected,
          });
        }
      }
    }
    return [...wanted.values()];
  }

  #at(tops: readonly Top[], part: Part): Node | null {
    const top = tops.find((one) => isInside(part, one));
    if (top === undefined) return null;
    const below = top.path === '.' ? part.path : part.path.slice(top.path.length + 1);
    return this.#difference.at(
      top.node,
      below.split('/').filter((name) => name !== '' && name !== '.'),
    );
  }

  async #restore(planned: readonly Planned[]): Promise<readonly Left[]> {
    const { objects, owner, look } = this.#parts;
    const failed: Left[] = [];
    for (const folder of new Set(planned.map((part) => part.folder))) {
      const restore = new Restore({ folder, objects, owner, look: look(true) });
      const inFolder = planned.filter((part) => part.folder === folder);
      await restore.run(inFolder.map(({ path, before, now }): Change => ({ path, before, after: now })));
      failed.push(...restore.failed.map(({ path, why }) => ({ path: this.#shown({ folder, path }), why })));
    }
    return failed;
  }

  #again(numbers: readonly number[]): Again | null {
    const stepAt = (number: number | undefined): Step | undefined =>
      this.#all.find((step) => step.number === number);
    const steps = numbers.length === 1 ? stepAt(numbers[0])?.undoes : undefined;
    if (steps === undefined) return null;
    let first = steps[0] ?? 0;
    for (let next = stepAt(first)?.undoes; next !== undefined; next = stepAt(first)?.undoes)
      first = next[0] ?? 0;
    const earlier = this.#all.findLast(({ number, undoes }) => number < first && undoes === undefined);
    return { steps, earlier: earlier?.number ?? null };
  }

  #answer(
    steps: readonly number[],
    planned: readonly Planned[],
    rest: { foreign: readonly Planned[]; failed: readonly Left[]; number: number | null },
  ): UndoAnswer {
    const did = planned
      .map((part) => ({ ...part, shown: this.#shown(part) }))
      .filter(({ shown }) => !rest.failed.some(({ path }) => path === shown));
    const named = (fits: (part: Planned) => boolean): readonly string[] =>
      did.filter(fits).map(({ shown }) => shown);
    return {
      ...{ steps, failed: rest.failed, number: rest.number, again: this.#again(steps) },
      foreign: rest.foreign.map((part) => this.#shown(part)),
      made: named(({ now, before }) => now === null && before !== null),
      replaced: named(({ now, before }) => now !== null && before !== null),
      removed: named(({ before }) => before === null),
    };
  }

  #changedSince(foreign: readonly Planned[], undone: readonly Step[]): ToolError {
    const shown = foreign.slice(0, MOST_SHOWN).map((part) => `${this.#shown(part)}: ${this.#changes(part)}`);
    const more = foreign.length > MOST_SHOWN ? `\nand ${foreign.length - MOST_SHOWN} more` : '';
    const those = foreign.length === 1 ? '1 of the paths' : `${foreign.length} of the paths`;
    const later = this.#laterThan(undone, foreign);
    const steps = `${later.length === 1 ? 'step' : 'steps'} ${later.join(', ')}`;
    const by = later.length > 0 ? `${steps}, or somebody else` : 'the person or a command that was not kept';
    const together = `With to: ${undone[0]?.number ?? 1} they are taken back together. `;
    return new ToolError(
      'changed_since',
      `nothing was undone: ${those} changed again since, by ${by}\n${shown.join('\n')}${more}`,
      {
        hint: `${later.length > 0 ? together : ''}Keep those changes, or ask the person and set overwrite.`,
      },
    );
  }

  /** Numbers of later steps that changed one of these. */
  #laterThan(undone: readonly Step[], parts: readonly Part[]): readonly number[] {
    const last = undone.at(-1)?.number ?? 0;
    const hasChanged = ({ before, after, ...top }: Step['scopes'][number]): boolean =>
      after === undefined ||
      parts.some(
        (part) =>
          isInside(part, top) &&
          !isSameNode(this.#at([{ ...top, node: before }], part), this.#at([{ ...top, node: after }], part)),
      );
    return this.#all
      .filter(({ number, scopes }) => number > last && scopes.some(hasChanged))
      .map(({ number }) => number);
  }

  /** What would be lost, and what would come instead. */
  #changes({ now, before }: Planned): string {
    if (now === null) return 'it is gone';
    if (before === null) return 'it would be removed';
    const [held, kept] = [this.#text(now), this.#text(before)];
    if (held === null || kept === null) return 'it is another one';
    return `it would change by\n${changesBetween(held, kept)}`;
  }

  #text(node: Node): string | null {
    if (node.kind !== 'file' || !this.#parts.objects.has(node.sha256)) return null;
    return decode(this.#parts.objects.start(node.sha256, MOST_BYTES))?.text ?? null;
  }

  #isMounted({ folder }: Part): boolean {
    return this.#parts.mounts.some((mount) => mount.folder === folder && mount.access === 'rw');
  }

  #shown(part: Part): string {
    const { session, mounts } = this.#parts;
    return shownPath({ session, mounts: () => mounts }, part) ?? part.path;
  }
}

interface Top extends Part {
  readonly node: Node | null;
}

const MOST_SHOWN = 3;
const MOST_BYTES = 512 * 1024;
