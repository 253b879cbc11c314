export type Decision = 'allow' | 'ask' | 'deny';

/** What a command may do, and what is to be done about it. */
export interface Verdict {
  readonly decision: Decision;
  /** Why it is asked about or denied, for a person; each once. */
  readonly reasons: readonly string[];
  /** What would do instead, where something is denied. */
  readonly instead: readonly string[];
  /** It may change files of the person's: what is there is worth keeping first. */
  readonly changes: boolean;
  /** What a person is to be asked about, and the commands that each is a part of. */
  readonly asks: readonly Asked[];
  /** Every command that may run. */
  readonly commands: readonly Words[];
  /** What would be deleted or replaced. */
  readonly goes: readonly Going[];
  /** Files that it names to read or to change, as far as they are known. */
  readonly touches: readonly Touch[];
  /** Files that would be run and of which nothing is known yet. */
  readonly runs: readonly string[];
}

interface Asked {
  readonly reason: string;
  readonly within: readonly Words[];
  /** It is asked only for the sake of these. */
  readonly goes: readonly Going[];
}

/** A path that a command names. */
export interface Touch {
  readonly path: string;
  readonly deed: 'Read' | 'Edit';
}

/** The words of a command; a NUL in them stands for what is not known before. */
export type Words = readonly string[];

/** A command, and which effects of a script are its. */
export interface Span {
  readonly words: Words;
  readonly from: number;
  readonly to: number;
}

/** A path, or a pattern of paths. */
export interface Going {
  readonly path: string;
  readonly isPattern: boolean;
  /** It is deleted, not replaced. */
  readonly isRemoved: boolean;
}

/** One thing that a part of a command does. */
export interface Effect {
  readonly decision: Decision;
  readonly reason?: string;
  readonly instead?: string;
  readonly changes?: boolean;
  readonly goes?: readonly Going[];
  readonly touches?: readonly Touch[];
}

export const harmless: Effect = { decision: 'allow' };
export const changing: Effect = { decision: 'allow', changes: true };
export const ask = (reason: string): Effect => ({ decision: 'ask', reason, changes: true });
export const deny = (reason: string, instead: string): Effect => ({ decision: 'deny', reason, instead });

const ORDER = ['allow', 'ask', 'deny'] as const;

/** The strictest of all counts. */
export function verdictOf(
  effects: readonly Effect[],
  spans: readonly Span[] = [],
  runs: Iterable<string> = [],
): Verdict {
  const decision = ORDER[Math.max(0, ...effects.map((effect) => ORDER.indexOf(effect.decision)))] ?? 'ask';
  const unique = (words: readonly (string | undefined)[]): readonly string[] => [
    ...new Set(words.filter((word) => word !== undefined)),
  ];
  return {
    decision,
    reasons: unique(effects.flatMap((one) => (one.decision === decision ? [one.reason] : []))),
    instead: unique(effects.map(({ instead }) => instead)),
    changes: effects.some(({ changes }) => changes === true),
    asks: effects.flatMap(({ decision: one, reason = '', goes = [] }, at) => {
      const within = spans.filter(({ from, to }) => from <= at && at < to);
      return one === 'ask' ? [{ reason, within: within.map(({ words }) => words), goes }] : [];
    }),
    commands: spans.map(({ words }) => words),
    goes: effects.flatMap(({ goes = [] }) => goes),
    touches: effects.flatMap(({ touches = [] }) => touches),
    runs: [...runs],
  };
}
