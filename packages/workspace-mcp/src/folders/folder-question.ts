import { ANY_SUBJECT, decide, type FolderRequest, type GrantStore } from '@deskhand/grants';
import { ANSWER_MS, askPerson, ToolError, type Asking, type CallContext } from '@deskhand/server-runtime';

/** What a person is asked for: a folder or a file of theirs. */
export interface FolderQuestion {
  /** On their computer. */
  readonly path: string;
  /** As the agent sees it. */
  readonly name: string;
  readonly access: 'ro' | 'rw';
  readonly reason: string;
  /** With any, a grant for a folder above says nothing. */
  readonly warnings?: readonly string[];
  /** They may allow it for good; else only what they gave this session counts. */
  readonly mayAlways?: boolean;
}

export interface FolderQuestionsParts {
  readonly grants: Pick<GrantStore, 'add' | 'list' | 'file'>;
  readonly asking: Asking;
}

/** Asks the person for folders and files, unless a grant says what they would. */
export class FolderQuestions {
  readonly #parts: FolderQuestionsParts;

  constructor(parts: FolderQuestionsParts) {
    this.#parts = parts;
  }

  /** Returns when it is allowed. @throws ToolError */
  async approve(question: FolderQuestion, call: CallContext): Promise<void> {
    const { grants, asking } = this.#parts;
    const { path, name, access, reason, warnings = [], mayAlways = true } = question;
    const rules = grants.list({ subject: asking.session, kinds: ['folder'] });
    const { decision } = decide(rules, { kind: 'folder', path, access });
    if (decision === 'deny') throw denied(`A rule of the person denies ${path}`);
    const named = rules.filter(({ resource }) => resource.path === path);
    const isNamed = named.some(
      ({ decision: one, subject }) => one === 'allow' && (mayAlways || subject !== ANY_SUBJECT),
    );
    if (decision === 'allow' && ((warnings.length === 0 && mayAlways) || isNamed)) return;
    const request: FolderRequest = {
      kind: 'folder',
      folder: { path, access, name, warnings },
      ...{ reason, mayAlways, timeoutMs: ANSWER_MS, grantsFile: grants.file },
    };
    const outcome = await askPerson(request, asking, call);
    call.note({ asked: 'folder', outcome: outcome.outcome });
    if (outcome.outcome === 'denied')
      throw new ToolError(outcome.code, outcome.message, { hint: outcome.hint });
    const [answer] = outcome.decisions;
    if (answer?.decision !== 'allow') throw denied(`The person said no to ${path}`);
    await this.#keep(question, answer.scope === 'always' ? 'always' : 'session');
  }

  async #keep({ path, access }: FolderQuestion, scope: 'session' | 'always'): Promise<void> {
    const { grants, asking } = this.#parts;
    await grants.add({
      subject: scope === 'always' ? ANY_SUBJECT : asking.session,
      resource: { kind: 'folder', path, access },
      ...{ decision: 'allow', scope, origin: 'person' },
    });
  }
}

/** No, from a person or a rule of theirs. */
export const denied = (message: string): ToolError =>
  new ToolError('denied_by_person', message, { hint: 'Work without it, or tell them why you need it.' });
