import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isSystemError } from '../files/system-error.ts';
import { nodeSchema, stepSchema, type Node, type Step } from './node.ts';
import type { Objects } from './objects.ts';

const NAME = /^(\d+)\.json$/;

/** The steps of a session, each in a file of its own that is whole or absent. Whoever changes them holds a lock. */
export class Steps {
  readonly #folder: string;
  /** How many there were when one was added, with that one. */
  count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The oldest first. What cannot be read is none. */
  all(): readonly Step[] {
    return this.#numbers().flatMap((number) => this.one(number) ?? []);
  }

  /**
   * Writes a step under the next number.
   *
   * @param settle - has the disk hold a file, and all that the step needs
   */
  async add(step: Omit<Step, 'v' | 'number'>, settle: (path: string) => Promise<void>): Promise<Step> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const names = readdirSync(this.#folder);
    this.#discardBegun(names);
    const numbers = numbersOf(names);
    this.count = numbers.length + 1;
    for (let number = (numbers.at(-1) ?? 0) + 1; ; number += 1) {
      const numbered: Step = { v: 1, number, ...step };
      const temporary = this.#written(numbered);
      try {
        await settle(temporary);
        linkSync(temporary, this.#at(number));
        return numbered;
      } catch (error) {
        if (!isSystemError(error, 'EEXIST')) throw error;
      } finally {
        rmSync(temporary, { force: true });
      }
    }
  }

  /** Notes what the scopes of a step were afterwards. A crash of the machine may lose that, and nothing else. */
  finish(number: number, after: readonly (Node | null)[]): void {
    const temporary = this.#temporary();
    writeFileSync(temporary, JSON.stringify(after), { flag: 'wx', mode: 0o600 });
    renameSync(temporary, this.#afterAt(number));
  }

  remove(number: number): void {
    rmSync(this.#at(number), { force: true });
    rmSync(this.#afterAt(number), { force: true });
  }

  /** What a process that was killed had begun; nobody else writes here now. */
  #discardBegun(names: readonly string[]): void {
    for (const name of names.filter((each) => each.startsWith('new-')))
      rmSync(join(this.#folder, name), { force: true });
  }

  #written(step: Step): string {
    const temporary = this.#temporary();
    writeFileSync(temporary, JSON.stringify(step), { flag: 'wx', mode: 0o600 });
    return temporary;
  }

  #temporary(): string {
    return join(this.#folder, `new-${randomBytes(8).toString('hex')}`);
  }

  #numbers(): readonly number[] {
    try {
      return numbersOf(readdirSync(this.#folder));
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
  }

  /** `null` when another one removed it, or it is from another version. */
  one(number: number): Step | null {
    const step = stepSchema.safeParse(jsonAt(this.#at(number)));
    if (!step.success) return null;
    const after = afterSchema.safeParse(jsonAt(this.#afterAt(number)));
    if (!after.success || after.data.length !== step.data.scopes.length) return step.data;
    const scopes = step.data.scopes.map((scope, index) => ({ ...scope, after: after.data[index] ?? null }));
    return { ...step.data, scopes };
  }

  #at(number: number): string {
    return join(this.#folder, `${number}.json`);
  }

  #afterAt(number: number): string {
    return join(this.#folder, `${number}.after.json`);
  }
}

const numbersOf = (names: readonly string[]): readonly number[] =>
  names
    .flatMap((name) => Number(NAME.exec(name)?.[1] ?? []))
    .filter((number) => number > 0)
    .toSorted((one, other) => one - other);

const afterSchema = z.array(nodeSchema.nullable());

/** `null` when it is not there or not whole. */
function jsonAt(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // what is not there says nothing
    return null;
  }
}

/** Names of all objects that steps need. */
export function neededBy(steps: readonly Step[], objects: Objects): ReadonlySet<string> {
  const needed = new Set<string>();
  const add = (node: Node | null | undefined): void => {
    if (node?.kind === 'file') needed.add(node.sha256);
    if (node?.kind !== 'folder' || needed.has(node.tree)) return;
    needed.add(node.tree);
    if (objects.has(node.tree)) for (const [, inner] of objects.tree(node.tree)) add(inner);
  };
  for (const { scopes } of steps) for (const { before, after } of scopes) [before, after].forEach(add);
  return needed;
}
