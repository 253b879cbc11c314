/** One call of the agent. */
export interface Row {
  readonly kind: 'call';
  readonly call: string;
  /** Who received it, or who stood in its way. */
  readonly app: string;
  readonly tier: string;
  /** `allowed`, or the code of the refusal. */
  readonly decision: string;
  readonly expected: string;
  readonly ms: number;
  /** What the server answered, in words. */
  readonly answer: string;
}

export interface Remark {
  readonly kind: 'remark';
  readonly text: string;
}

export interface Act {
  readonly title: string;
  readonly lines: readonly (Row | Remark)[];
}

/** What a witness saw, and whether it is what had to happen. */
export interface Finding {
  readonly saw: string;
  readonly held: boolean;
}

/** What has to be true, by the word of somebody who is not the server. */
export interface Expectation {
  readonly what: string;
  readonly witness: string;
  readonly refused?: Finding;
  /** The same or a like action where it is allowed. */
  readonly allowed: Finding;
}

export interface ImageFile {
  readonly mimeType: string;
  readonly data: Buffer;
}

/** One moment as the person and the agent see it. */
export interface View {
  readonly title: string;
  readonly caption: string;
  /** Left out on a person's own display, where their other windows would show. */
  readonly person?: ImageFile;
  readonly agent: ImageFile;
}

export interface StoryListener {
  act(title: string): void;
  line(line: Row | Remark): void;
}

export const isAsExpected = ({ decision, expected }: Row): boolean => decision === expected;

export const hasHeld = ({ refused, allowed }: Expectation): boolean =>
  allowed.held && refused?.held !== false;

/** Everything that happened, told to a listener while it happens. */
export class Story {
  readonly #listener: StoryListener;
  readonly #acts: { title: string; lines: (Row | Remark)[] }[] = [];
  readonly #expectations: Expectation[] = [];
  readonly #views: View[] = [];
  /** Why the demo ended before its end. */
  failure: string | undefined;

  constructor(listener: StoryListener) {
    this.#listener = listener;
  }

  get acts(): readonly Act[] {
    return this.#acts;
  }

  get expectations(): readonly Expectation[] {
    return this.#expectations;
  }

  get views(): readonly View[] {
    return this.#views;
  }

  get rows(): readonly Row[] {
    return this.#acts.flatMap(({ lines }) => lines.filter((line) => line.kind === 'call'));
  }

  /** No failure, each call decided as expected, and each expectation held. */
  get isGood(): boolean {
    return this.failure === undefined && this.rows.every(isAsExpected) && this.#expectations.every(hasHeld);
  }

  begin(title: string): void {
    this.#acts.push({ title, lines: [] });
    this.#listener.act(title);
  }

  remark(text: string): void {
    this.#add({ kind: 'remark', text });
  }

  called(row: Omit<Row, 'kind'>): void {
    this.#add({ kind: 'call', ...row });
  }

  expect(expectation: Expectation): void {
    this.#expectations.push(expectation);
  }

  show(view: View): void {
    this.#views.push(view);
  }

  #add(line: Row | Remark): void {
    this.#acts.at(-1)?.lines.push(line);
    this.#listener.line(line);
  }
}
