import type { KnownCall, Result, Step } from './policy-call.ts';
import { Refusal } from './policy-call.ts';

/** A call as a hook sees it. */
export interface HookedCall {
  readonly id: string;
  readonly server: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Run in order around each call that is allowed; one that throws ends the call. */
export interface Hooks {
  /** A reason refuses the call. */
  readonly before: readonly ((
    call: HookedCall,
    signal: AbortSignal,
  ) => Promise<{ readonly refuse: string } | undefined>)[];
  /** May put another result in its place. */
  readonly after: readonly ((call: HookedCall, result: Result, signal: AbortSignal) => Promise<Result>)[];
}

export const NO_HOOKS: Hooks = { before: [], after: [] };

export function hooked({ before, after }: Hooks): Step {
  return async (call, next) => {
    const seen = seenBy(call);
    const { signal } = call.options;
    for (const hook of before) {
      const verdict = await hook(seen, signal);
      if (verdict !== undefined) throw new Refusal('refused_by_hook', verdict.refuse);
    }
    let result = await next();
    for (const hook of after) result = await hook(seen, result, signal);
    return result;
  };
}

const seenBy = ({ id, known, input }: KnownCall): HookedCall => ({
  id,
  server: known.server.about.name,
  tool: known.tool.name,
  input,
});
