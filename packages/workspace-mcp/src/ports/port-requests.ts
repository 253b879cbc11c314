import { ANY_SUBJECT, decide, type AskedPort, type PortRequest } from '@deskhand/grants';
import { ANSWER_MS, askPerson, ToolError, type CallContext } from '@deskhand/server-runtime';
import { denied, type FolderQuestionsParts } from '../folders/folder-question.ts';
import type { WorkspaceSession } from '../session.ts';

/** Asks the person for ports, and opens those that they give in the sandbox that runs. */
export class PortRequests {
  readonly #parts: FolderQuestionsParts;

  constructor(parts: FolderQuestionsParts) {
    this.#parts = parts;
  }

  /** Whether it was opened now; it may be there already. @throws ToolError */
  async ask(
    session: WorkspaceSession,
    { reason, ...port }: AskedPort & { readonly reason: string },
    call: CallContext,
  ): Promise<boolean> {
    if (isFromStart(session, port)) return false;
    if (session.confinement.network.mode === 'none') {
      throw new ToolError('port_refused', 'This sandbox has no network, since the person wants none', {
        hint: 'Work without it, or ask them to start the server with --network local.',
      });
    }
    if (!this.#isGiven(port)) await this.#approve(port, reason, call);
    const isOpen = session.ports.some((one) => wordsOf(one) === wordsOf(port));
    if (!isOpen) await session.openPort({ ...port, isGiven: () => this.#isGiven(port) }, call.signal);
    return !isOpen;
  }

  #decided(port: AskedPort): 'allow' | 'deny' | 'ask' | 'unset' {
    const { grants, asking } = this.#parts;
    const rules = grants.list({ subject: asking.session, kinds: ['port'] });
    return decide(rules, { kind: 'port', ...port }).decision;
  }

  #isGiven(port: AskedPort): boolean {
    return this.#decided(port) === 'allow';
  }

  async #approve(port: AskedPort, reason: string, call: CallContext): Promise<void> {
    const { grants, asking } = this.#parts;
    if (this.#decided(port) === 'deny') throw denied(`A rule of the person denies port ${port.port}`);
    const request: PortRequest = {
      ...{ kind: 'port', port, reason, mayAlways: true },
      ...{ timeoutMs: ANSWER_MS, grantsFile: grants.file },
    };
    const outcome = await askPerson(request, asking, call);
    call.note({ asked: 'port', outcome: outcome.outcome });
    if (outcome.outcome === 'denied')
      throw new ToolError(outcome.code, outcome.message, { hint: outcome.hint });
    const [answer] = outcome.decisions;
    if (answer?.decision !== 'allow') throw denied(`The person said no to port ${port.port}`);
    const isForGood = answer.scope === 'always';
    await grants.add({
      ...{ subject: isForGood ? ANY_SUBJECT : asking.session, scope: isForGood ? 'always' : 'session' },
      ...{ resource: { kind: 'port', ...port }, decision: 'allow', origin: 'person' },
    });
  }
}

const wordsOf = ({ direction, port }: AskedPort): string => `${direction} ${port}`;

/** The command line of the server has it. */
function isFromStart(
  { confinement: { network } }: WorkspaceSession,
  { port, direction }: AskedPort,
): boolean {
  if (network.mode === 'none') return false;
  const ports = direction === 'reach' ? network.hostPorts : network.sharedPorts;
  return ports?.includes(port) === true;
}
