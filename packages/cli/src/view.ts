import type { PriceList } from '@deskhand/model';
import { dollars, type Heard, spentOf, type State } from '@deskhand/agent-host';
import type { Context } from './context.ts';
import { visible } from './visible.ts';

/** Shows a run to who watches it. */
export type View = (heard: Heard, state: State) => void;

/** One line of JSON for each thing heard. */
export const jsonView =
  ({ output }: Pick<Context, 'output'>): View =>
  (heard) => {
    output.write(`${JSON.stringify(heard)}\n`);
  };

const LONGEST = 160;

/** What the model says goes to the output; what it does, and what it costs, beside it. */
export class TerminalView {
  readonly #output: NodeJS.WritableStream;
  readonly #errors: NodeJS.WritableStream;
  readonly #prices: PriceList;
  readonly #begun = performance.now();
  #isMidLine = false;

  constructor({ output, errors }: Pick<Context, 'output' | 'errors'>, prices: PriceList) {
    this.#output = output;
    this.#errors = errors;
    this.#prices = prices;
  }

  readonly hear: View = (heard, state) => {
    if (heard.kind === 'model') {
      if (heard.event.kind === 'text') this.#say(heard.event.text);
    } else if (heard.kind === 'progress') this.#line(`  … ${heard.text}`);
    else if (heard.kind === 'gateway') this.#hearGateway(heard.event);
    else this.#hearEvent(heard.event, state);
  };

  #hearGateway(event: Extract<Heard, { kind: 'gateway' }>['event']): void {
    if (event.kind === 'changed')
      this.#line(`! ${event.server} changed its tools: ${event.tools.join(', ')}`);
    else if (event.kind === 'tools')
      this.#line(`! ${event.server}: ${event.added.length} new tools, ${event.removed.length} gone`);
    else if (event.kind === 'elicited')
      this.#line(`! ${event.server}: what you were asked to open is done, as it says`);
    else if (event.kind === 'prompts')
      this.#line(`! ${event.server} offers other prompts: deskhand mcp prompts ${event.server}`);
    else if (event.kind === 'resource') this.#line(`! ${event.server}: ${event.uri} changed`);
    else if (event.status.state !== 'ready') {
      const { name, state, problem, retry } = event.status;
      this.#line(`! ${name} is ${state}: ${problem ?? ''}${retry === null ? '' : `; ${retry}`}`);
    }
  }

  #hearEvent(event: Extract<Heard, { kind: 'event' }>['event'], state: State): void {
    if (event.kind === 'answered') {
      this.#line(this.#totals(state));
    } else if (event.kind === 'call-started') this.#line(`→ ${callText(state, event.id)}`);
    else if (event.kind === 'call-ended') {
      const how = [
        // what the host allowed and a server refused is refused
        ...(event.decision === 'allowed' && event.code !== null ? [] : [event.decision]),
        ...(event.tier === null ? [] : [`tier ${event.tier}`]),
        ...(event.code === null ? [] : [event.code]),
      ];
      this.#line(
        `${event.isError || event.code !== null ? '✗' : '✓'} ${how.join(', ')}, ${Math.round(event.ms)} ms`,
      );
    } else if (event.kind === 'failed') this.#line(`! ${event.message}. ${event.hint}`);
    else if (event.kind === 'parked') this.#line(`■ ${event.message}`);
    else if (event.kind === 'compacted') this.#line('~ The conversation was shortened.');
  }

  #totals(state: State): string {
    const seconds = Math.round((performance.now() - this.#begun) / 1_000);
    return `  $${dollars(spentOf(state, this.#prices))}, ${state.spent.turns.length} turns, ${seconds} s`;
  }

  #say(text: string): void {
    this.#output.write(visible(text));
    this.#isMidLine = !text.endsWith('\n');
  }

  #line(text: string): void {
    if (this.#isMidLine) this.#output.write('\n');
    this.#isMidLine = false;
    const line = visible(text.replaceAll('\n', ' '));
    this.#errors.write(`${line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line}\n`);
  }
}

function callText({ open }: State, id: string): string {
  const call = open.find((one) => one.call.id === id)?.call;
  return call === undefined ? id : `${call.name} ${JSON.stringify(call.input)}`;
}
