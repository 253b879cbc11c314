import type { Rule } from '@deskhand/grants';
import { ConfigError } from '@deskhand/server-runtime';
import type { Policy } from '@deskhand/tier-policy';
import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EgressRefusal } from './egress/origin-rules.ts';

export interface OriginPolicyOptions {
  /** Named by the person; else `policy.yaml` of the state folder, when there is one. */
  readonly file: string | undefined;
  readonly home: string;
  readonly onChange: () => void;
}

/** What of a policy browsers need, or what is wrong with its file. */
type State = Pick<Policy, 'origins' | 'onceOnly'> | { readonly problem: string };

const NOTHING_SAID: State = { origins: [], onceOnly: false };

/** What the policy file says about origins, read again when it changes. */
export class OriginPolicy {
  readonly #path: string;
  readonly #isNamed: boolean;
  readonly #onChange: () => void;
  #state: State = NOTHING_SAID;
  #watcher: FSWatcher | null = null;
  #readings = 0;

  private constructor({ file, home, onChange }: OriginPolicyOptions) {
    this.#path = file ?? join(home, 'policy.yaml');
    this.#isNamed = file !== undefined;
    this.#onChange = onChange;
  }

  /** @throws ConfigError when the file cannot be read or has a mistake */
  static async open(options: OriginPolicyOptions): Promise<OriginPolicy> {
    const policy = new OriginPolicy(options);
    policy.#watch();
    await policy.#read();
    if (!('problem' in policy.#state)) return policy;
    policy.close();
    throw new ConfigError('--policy', policy.#state.problem);
  }

  /** While the file is broken nothing is allowed. */
  rules(): readonly Rule[] | EgressRefusal {
    if (!('problem' in this.#state)) {
      return this.#state.origins.map(({ pattern, decision }) => ({
        resource: { kind: 'origin', pattern },
        decision,
      }));
    }
    const hint = `A person has to mend it; whether it is right says: tier-policy lint ${this.#path}`;
    return { allowed: false, code: 'policy_unreadable', why: this.#state.problem, hint };
  }

  /** Persons may allow for one session only. */
  get onceOnly(): boolean {
    return 'problem' in this.#state || this.#state.onceOnly;
  }

  close(): void {
    this.#watcher?.close();
  }

  /** Of several that run at once the last one begun counts. */
  async #read(): Promise<void> {
    this.#readings += 1;
    const reading = this.#readings;
    const state = await this.#load();
    if (reading === this.#readings) this.#state = state;
  }

  async #load(): Promise<State> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (cause) {
      const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
      if (isMissing && !this.#isNamed) return NOTHING_SAID;
      return { problem: `the policy file ${this.#path} cannot be read: ${String(cause)}` };
    }
    // only who has a policy needs what reads YAML
    const { formatProblem, parsePolicyFile } = await import('@deskhand/tier-policy/policy-file');
    const parsed = parsePolicyFile(text, { filename: this.#path });
    if (parsed.ok) return parsed.policy;
    return { problem: `there is a mistake in the policy: ${parsed.problems.map(formatProblem).join('; ')}` };
  }

  /** The folder, because editors put a new file in the place of the old one. */
  #watch(): void {
    try {
      const name = basename(this.#path);
      const watcher = watch(dirname(this.#path), { persistent: false }, (_event, changed) => {
        if (changed === name) void this.#read().then(this.#onChange);
      });
      this.#watcher = watcher.on('error', () => watcher.close());
    } catch {
      this.#watcher = null; // the system has no watches left: what was read at the start holds
    }
  }
}
