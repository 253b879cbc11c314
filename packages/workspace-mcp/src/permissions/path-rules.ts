import type { PolicyPermission } from '@deskhand/tier-policy';
import { posix } from 'node:path';
import { protectedPart } from '../protection/names.ts';
import { enter, enterAll, hasMatched, namesOf, takesAll, type Rest } from './path-pattern.ts';

/** What a tool does to a file. */
export type Deed = 'Read' | 'Edit';

/** What a person's rule says about a path of a mounted folder. */
export interface Said {
  readonly decision: PolicyPermission['decision'];
  /** The rule. */
  readonly text: string;
  /** What it is about: who may not read may not write either. */
  readonly tool: Deed;
  /** The part of the path that it names, from the mounted folder: it, or a folder above it. */
  readonly part: string;
}

interface PathRule {
  readonly decision: PolicyPermission['decision'];
  readonly text: string;
  readonly tool: Deed;
  readonly rest: Rest;
  /** It says itself that it is about secrets, or what programs run by themselves. */
  readonly namesProtected: boolean;
}

const DECISIONS = ['deny', 'ask', 'allow'] as const;

/** The rules about paths of a policy, for all folders. */
export class PathRules {
  readonly #given: readonly PolicyPermission[];
  readonly #homedir: string;

  constructor(given: readonly PolicyPermission[], homedir: string | undefined) {
    this.#given = given.filter(({ scope }) => scope.tool !== 'Bash');
    this.#homedir = homedir ?? '/nonexistent';
  }

  /** What is left of them in a folder that is mounted; its path is that of the computer. */
  in(folder: string): FolderRules {
    const rules = this.#given.flatMap(({ decision, text, scope }): readonly PathRule[] => {
      if (scope.tool === 'Bash') return [];
      const { tool, from, names } = scope;
      const whole = from === 'home' ? [...namesOf(this.#homedir), ...names] : names;
      const rest = from === 'mount' ? [whole] : enterAll([whole], namesOf(folder));
      const namesProtected = protectedPart(names.filter((name) => name !== '**').join('/')) !== null;
      return rest.length === 0 ? [] : [{ decision, text, tool, rest, namesProtected }];
    });
    return new FolderRules(rules);
  }
}

/** The rules as they are for one mounted folder; paths are from there. */
export class FolderRules {
  readonly #rules: readonly PathRule[];

  constructor(rules: readonly PathRule[]) {
    this.#rules = rules;
  }

  /** Some are not about what is allowed. */
  get restrict(): boolean {
    return this.#rules.some(({ decision }) => decision !== 'allow');
  }

  /** Deny beats ask beats allow; `null` when no rule says anything. */
  said(deed: Deed, path: string, isOpened: (tool: Deed, part: string) => boolean = () => false): Said | null {
    for (const decision of DECISIONS) {
      for (const rule of this.#rules) {
        if (rule.decision !== decision || !isAbout(rule, deed)) continue;
        const part = partOf(rule, path);
        if (part === null || (decision === 'ask' && isOpened(rule.tool, part))) continue;
        return { decision, text: rule.text, tool: rule.tool, part };
      }
    }
    return null;
  }

  /** The rule that denies the whole folder. */
  deniesAll(deed: Deed): string | null {
    const rule = this.#rules.find(
      ({ decision, tool, rest }) => decision === 'deny' && tool === deed && takesAll(rest),
    );
    return rule?.text ?? null;
  }

  /** Whether a rule takes a protection by name away: it has to name such a file itself. */
  opens(deed: Deed, path: string): boolean {
    const isOpened = ({ decision, tool, namesProtected, rest }: PathRule): boolean =>
      decision === 'allow' && tool === deed && namesProtected && takesAll(enterAll(rest, namesOf(path)));
    return this.#rules.some(isOpened) && this.said(deed, path)?.decision !== 'deny';
  }

  /** Whether one that restricts names just this, and not a folder above. */
  restrictsPart(tool: Deed, path: string): boolean {
    return this.#rules.some(
      (rule) => rule.decision !== 'allow' && rule.tool === tool && partOf(rule, path) === path,
    );
  }

  /** Whether one that restricts may name something below a folder. */
  mayRestrictBelow(path: string): boolean {
    return this.#rules.some(({ decision, rest }) => {
      const left = enterAll(rest, namesOf(path));
      return decision !== 'allow' && left.length > 0 && !takesAll(left);
    });
  }

  /** Patterns, as ripgrep takes them, of what may not be read below a folder; without rules that were opened. */
  hidden(path: string, isOpened: (text: string) => boolean): readonly string[] {
    const rules = this.#rules.filter(
      ({ decision, tool, text }) =>
        tool === 'Read' && (decision === 'deny' || (decision === 'ask' && !isOpened(text))),
    );
    const left = rules.flatMap(({ rest }) => enterAll(rest, namesOf(path)));
    return left.map((names) => `/${names.join('/').replaceAll(/[{}]/g, String.raw`\$&`) || '**'}`);
  }
}

const isAbout = ({ decision, tool }: PathRule, deed: Deed): boolean =>
  tool === deed || (decision !== 'allow' && tool === 'Read');

/** The first part of a path that a rule names. */
function partOf({ decision, rest }: PathRule, path: string): string | null {
  const names = namesOf(posix.normalize(path));
  let left = rest;
  for (const [index, name] of names.entries()) {
    left = enter(left, name);
    if (hasMatched(left) || (decision !== 'allow' && takesAll(left)))
      return names.slice(0, index + 1).join('/');
  }
  return null;
}
