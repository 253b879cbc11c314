import { startFakeMessages, type FakeMessages, type Step } from '@deskhand/fake-messages';
import type { GatewayTool } from '@deskhand/gateway';
import { AnthropicModel, ChatModel, PriceList, PRICES, type Model } from '@deskhand/model';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '@deskhand/run-ledger';
import {
  DaySpending,
  Runner,
  Sessions,
  type Heard,
  type Limits,
  type OwnTool,
  type Session,
  type Stop,
} from '../../src/index.ts';
import { ToyGateway, type Toy } from './toy-gateway.ts';

const ENDLESS = new AbortController().signal;

export const NO_LIMITS: Limits = { turns: null, usd: null };

interface LabOptions {
  readonly steps?: readonly Step[];
  readonly toys?: Readonly<Record<string, Toy>>;
  /** With the service where it stalls, in milliseconds. */
  readonly patience?: number;
}

interface Beginning {
  readonly words?: string;
  readonly limits?: Limits;
  readonly window?: number;
  readonly model?: string;
  /** Tools besides those of the gateway. */
  readonly more?: readonly GatewayTool[];
}

/** A state folder, a model with a script, and tools; all gone after `close`. */
export class Lab {
  readonly home = mkdtempSync(join(tmpdir(), 'deskhand-host-'));
  readonly sessions = new Sessions(this.home);
  readonly day = new DaySpending(this.home);
  readonly gateway: ToyGateway;
  readonly heard: Heard[] = [];
  readonly #patience: number | undefined;
  #steps: readonly Step[] = [];
  #api: FakeMessages | null = null;

  constructor({ toys = {}, patience }: Omit<LabOptions, 'steps'> = {}) {
    this.gateway = new ToyGateway(toys);
    this.#patience = patience;
  }

  static async open({ steps = [], ...rest }: LabOptions): Promise<Lab> {
    const lab = new Lab(rest);
    await lab.script(steps);
    return lab;
  }

  /** What the model says from here on. */
  async script(steps: readonly Step[]): Promise<void> {
    await this.#api?.close();
    this.#steps = steps;
    this.#api = await startFakeMessages({ steps });
  }

  get api(): FakeMessages {
    if (this.#api === null) throw new Error('no script was given');
    return this.#api;
  }

  begin({
    words = 'Do it',
    limits = NO_LIMITS,
    window = 200_000,
    model = 'claude-opus-5-5',
    more = [],
  }: Beginning = {}): Promise<Session> {
    const { gateway, sessions } = this;
    return sessions
      .create({
        ...{ title: words, model, mode: 'ask', system: 'Be brief. '.repeat(600), window },
        ...{ limits, mounts: [], tools: [...more, ...gateway.tools()] },
      })
      .then((session) => {
        session.append({ kind: 'said', content: [{ type: 'text', text: words }] });
        return session;
      });
  }

  run(session: Session, signal: AbortSignal = ENDLESS, own: readonly OwnTool[] = []): Promise<Stop> {
    const { model: name } = session.state;
    const model = name.startsWith('claude-')
      ? this.#claude(name)
      : new ChatModel({ model: name, baseUrl: `${this.api.url}/v1` });
    const hear = (heard: Heard): void => {
      this.heard.push(heard);
    };
    const origin = { run: 'run', session: session.id, actor: 'deskhand', surface: 'host' };
    const ledger = openLedger({ folder: join(this.home, 'ledger'), ...origin });
    const { gateway, day } = this;
    const runner = new Runner({
      session,
      model,
      gateway,
      prices: new PriceList(PRICES),
      day,
      ledger,
      own,
      hear,
    });
    return runner.run(signal).finally(() => ledger.close());
  }

  /** Hasty only where the service stalls: a busy machine may be as quiet before other answers. */
  #claude(model: string): Model {
    const about = { model, apiKey: 'none', baseUrl: this.api.url, retries: 0 };
    const calm = new AnthropicModel(about);
    const patience = this.#patience;
    const hasty = patience === undefined ? calm : new AnthropicModel({ ...about, patience });
    const isStalling = (): boolean => this.#steps[this.api.requests.length]?.fault?.kind === 'stalled';
    return {
      name: model,
      respond: (request, options) => (isStalling() ? hasty : calm).respond(request, options),
      count: (request, options) => calm.count(request, options),
    };
  }

  async close(): Promise<void> {
    await this.#api?.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}
