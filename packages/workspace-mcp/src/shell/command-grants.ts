import { ANY_SUBJECT, decide, type CommandRequest, type GrantStore } from '@deskhand/grants';
import { ToolError, type Asking } from '@deskhand/server-runtime';
import type { Loss } from './world.ts';

type Decision = 'allow' | 'ask' | 'deny' | 'unset';

/** What the person gave a session for its commands. */
export class CommandGrants {
  readonly #grants: Pick<GrantStore, 'add' | 'list'>;
  readonly #session: string;

  constructor({
    grants,
    asking,
  }: {
    readonly grants: Pick<GrantStore, 'add' | 'list'>;
    readonly asking: Pick<Asking, 'session'>;
  }) {
    this.#grants = grants;
    this.#session = asking.session;
  }

  /** They gave this session just this command: nothing that would have them asked is left. */
  isGiven(command: string, cwd: string): boolean {
    return this.#grants
      .list({ subject: this.#session, kinds: ['command', 'script'] })
      .filter(({ decision, subject }) => decision === 'allow' && subject !== ANY_SUBJECT)
      .some(({ resource }) =>
        resource.kind === 'script'
          ? resource.text === command && resource.cwd === cwd
          : resource.rule === command,
      );
  }

  /** What is decided about deleting something, by its path on the computer, that no checkpoint holds. */
  deletion(path: string): Decision {
    const given = this.#grants.list({ subject: this.#session, kinds: ['deletion'] });
    return decide(given, { kind: 'deletion', path }).decision;
  }

  /** Those that no grant lets go. @throws ToolError when one denies it */
  losses(losses: readonly Loss[]): readonly Loss[] {
    return losses.filter(({ path }) => {
      const decision = this.deletion(path);
      if (decision === 'deny')
        throw new ToolError('command_denied', `A rule of the person denies that ${path} is deleted`, {
          hint: 'Work without it, or tell them why you need it.',
        });
      return decision !== 'allow';
    });
  }

  async keep(
    { command: { command: text, cwd, rule, deletes } }: CommandRequest,
    scope: 'session' | 'always',
  ): Promise<void> {
    const command =
      rule === undefined ? ({ kind: 'script', text, cwd } as const) : ({ kind: 'command', rule } as const);
    await this.#grants.add({
      subject: scope === 'always' ? ANY_SUBJECT : this.#session,
      resource: deletes === undefined ? command : { kind: 'deletion', paths: [...deletes] },
      ...{ decision: 'allow', scope, origin: 'person' },
    });
  }
}
