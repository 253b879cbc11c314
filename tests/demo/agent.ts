import { z } from 'zod';

import type { ToolAnswer, ToolClient } from '../lab/tool-client.ts';
import type { Row, Story } from './story.ts';

const App = z.object({ app: z.string() });

const Structured = z.object({
  tier: z.string().optional(),
  frontmost: App.nullish(),
  recipient: App.nullish(),
  blockedBy: App.nullish(),
  typed: z.number().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  screen: z.object({ width: z.number(), height: z.number() }).optional(),
});

type Structured = z.infer<typeof Structured>;

export type Input = Readonly<Record<string, unknown>>;

export interface Answer {
  /** `allowed`, or the code of the refusal. */
  readonly decision: string;
  readonly text: string;
  readonly images: ToolAnswer['images'];
  /** How many characters the server says it typed. */
  readonly typed: number | undefined;
}

interface Called extends Answer {
  readonly row: Omit<Row, 'kind'>;
}

const TRIES = 5;

/** Not when a part of a text has been typed already. */
const isWorthAnotherTry = ({ decision, typed = 0 }: Answer): boolean =>
  decision === 'desktop_busy' && typed === 0;

const LABEL = 60;

/** A call in few words: the tool and what is most telling of its input. */
function labelOf(tool: string, input: Input): string {
  const { text, coordinate, apps, app } = z
    .object({
      text: z.string().optional(),
      coordinate: z.array(z.number()).optional(),
      apps: z.array(z.string()).optional(),
      app: z.string().optional(),
    })
    .parse(input);
  const telling =
    text !== undefined
      ? JSON.stringify(text.length > LABEL ? `${text.slice(0, LABEL)}…` : text)
      : (coordinate?.join(',') ?? apps?.map((name) => name.split('/').at(-1)).join(', ') ?? app ?? '');
  return `${tool} ${telling}`.trim();
}

/** Tools that are judged for no application in particular. */
const RECEIVERS: Readonly<Record<string, string>> = {
  screenshot: '(screen)',
  request_access: '(person)',
};

function receiverOf(tool: string, { blockedBy, recipient, frontmost }: Structured): string {
  return RECEIVERS[tool] ?? blockedBy?.app ?? recipient?.app ?? frontmost?.app ?? '-';
}

/** What stands in for a model: it calls tools and reads answers, and each call goes into the story. */
export class Agent {
  readonly #client: ToolClient;
  readonly #story: Story;
  readonly #signal: AbortSignal;
  #scale = { x: 1, y: 1 };

  constructor(client: ToolClient, story: Story, signal: AbortSignal) {
    this.#client = client;
    this.#story = story;
    this.#signal = signal;
  }

  /**
   * Calls a tool; `expected` is `allowed` or the code of a refusal. Tries again when the machine was too slow for a
   * safe look at the desktop, as that answer advises.
   */
  async does(tool: string, input: Input = {}, expected = 'allowed'): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#call(tool, input, expected);
      if (!isWorthAnotherTry(answer) || tries === TRIES) return this.#tell(answer);
      this.#story.remark(`The machine was too slow for ${answer.row.call}; the agent tries again.`);
    }
  }

  /** A pixel of the screen in pixels of the last screenshot, as a model reads it there. */
  coordinate(x: number, y: number): readonly [number, number] {
    return [Math.round(x * this.#scale.x), Math.round(y * this.#scale.y)];
  }

  #tell({ row, ...answer }: Called): Answer {
    this.#story.called(row);
    return answer;
  }

  async #call(tool: string, input: Input, expected: string): Promise<Called> {
    this.#signal.throwIfAborted();
    const { isError, text, images, structured, ms } = await this.#client.call(tool, input);
    this.#signal.throwIfAborted();
    const facts = Structured.parse(structured);
    const decision = isError ? (facts.error?.code ?? 'error') : 'allowed';
    const isOfApp = RECEIVERS[tool] === undefined;
    const { width, height, screen } = facts;
    if (width !== undefined && height !== undefined && screen !== undefined)
      this.#scale = { x: width / screen.width, y: height / screen.height };
    const row = {
      call: labelOf(tool, input),
      app: receiverOf(tool, facts),
      tier: isOfApp ? (facts.tier ?? '-') : '-',
      decision,
      expected,
      ms,
      answer: text,
    };
    return { decision, text, images, typed: facts.typed, row };
  }
}
