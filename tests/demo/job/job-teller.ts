import type { ScreenPicture } from '../../lab/screen-picture.ts';
import type { ImageFile, Story } from '../story.ts';
import type { EndedCall, HostEvent, TurnCall } from './host-run.ts';

const LONGEST_CALL = 120;
const LONGEST_ANSWER = 240;

/** What has to be refused when the recorded model tries it: a click in the browser, typing into the terminal. */
const REFUSED: readonly RegExp[] = [/^computer-use__left_click /, /^computer-use__type .*awk/];

/** What the agent got, and the screen at that time, if it could be taken. */
interface Sight {
  readonly agent: ImageFile;
  readonly screen: Promise<ScreenPicture | null>;
}

interface TellerOptions {
  /** Of a recorded model it is known what it tries. */
  readonly isRecorded: boolean;
  readonly look: () => Promise<ScreenPicture>;
}

/** Tells the story what the host says, and keeps what the demo has to know of it. */
export class JobTeller {
  readonly #story: Story;
  readonly #isRecorded: boolean;
  readonly #look: TellerOptions['look'];
  readonly #calls = new Map<string, TurnCall>();
  #session = '';
  #refused = 0;
  #kills = 0;
  #sight: Sight | null = null;

  constructor(story: Story, { isRecorded, look }: TellerOptions) {
    this.#story = story;
    this.#isRecorded = isRecorded;
    this.#look = look;
  }

  /** Its id. */
  get session(): string {
    return this.#session;
  }

  /** How many calls a server refused. */
  get refused(): number {
    return this.#refused;
  }

  get kills(): number {
    return this.#kills;
  }

  /** The last picture. */
  get sight(): Sight | null {
    return this.#sight;
  }

  hear(event: HostEvent): void {
    switch (event.kind) {
      case 'started':
        this.#session = event.session;
        return;
      case 'answered':
        for (const part of event.content) {
          if (part.type === 'text') this.#story.remark(`“${part.text}”`);
          if (part.type === 'call') this.#calls.set(part.id, part);
        }
        return;
      case 'call-ended':
        this.#end(event);
        return;
      case 'asked-person':
        this.#story.remark(
          `The person is asked: ${event.question.form?.message.split('\n')[0] ?? 'may it?'}`,
        );
        return;
      case 'call-started':
      case 'parked':
    }
  }

  /** Whether this event is the beginning of a call of the tool. */
  isBegun(event: HostEvent, tool: string): boolean {
    return event.kind === 'call-started' && lineOf(this.#calls.get(event.id)).startsWith(tool);
  }

  tellKill(): void {
    this.#kills += 1;
    this.#story.remark('The host is killed with SIGKILL in the middle of that call, and started again.');
  }

  #end({ id, content, decision, code, tier, ms }: EndedCall): void {
    const call = lineOf(this.#calls.get(id));
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
    for (const part of content) {
      if (part.type !== 'picture') continue;
      const agent = { mimeType: part.mimeType, data: Buffer.from(part.data, 'base64') };
      this.#sight = { agent, screen: this.#look().catch(() => null) }; // a job without it is whole
    }
    const told = code ?? decision;
    if (told !== 'allowed' && told !== 'interrupted') this.#refused += 1;
    this.#story.called({
      call: call.slice(0, LONGEST_CALL),
      app: call.split('__')[0] ?? '',
      tier: tier ?? '',
      decision: told,
      expected: this.#expected(call, told),
      ms,
      answer: text.slice(0, LONGEST_ANSWER),
    });
  }

  #expected(call: string, told: string): string {
    if (!this.#isRecorded || (told === 'interrupted' && this.#kills > 0)) return told;
    return REFUSED.some((one) => one.test(call)) ? 'tier_too_low' : 'allowed';
  }
}

const lineOf = (call: TurnCall | undefined): string =>
  call === undefined ? '' : `${call.name} ${JSON.stringify(call.input)}`;
