import { ApiError } from './api-error.ts';

/** What the service asks of those who use a model. */
export interface ModelRules {
  readonly id: string;
  /** Refuses a forced tool choice, sampling parameters, thinking switched off, and the older computer-use tool. */
  readonly isStrict: boolean;
  /** The shortest prefix that is kept, in tokens. */
  readonly leastCached: number;
  /** Takes tools that are put off, and references to them. */
  readonly loadsTools: boolean;
}

const known = { isStrict: false, loadsTools: true };
const lenient = (id: string, leastCached: number): ModelRules => ({ ...known, id, leastCached });
const strict = (id: string, leastCached: number): ModelRules => ({
  ...known,
  id,
  leastCached,
  isStrict: true,
});

/** Models by their names; the rules are those that the SDK of November 2026 and its changelog name. */
export const MODELS: readonly ModelRules[] = [
  strict('claude-fable-5-2', 1_024),
  strict('claude-fable-5-1', 1_024),
  strict('claude-opus-5-5', 1_024),
  strict('claude-sonnet-5-5', 1_024),
  lenient('claude-haiku-5-5', 4_096),
  lenient('claude-opus-5', 4_096),
  lenient('claude-sonnet-5', 1_024),
  lenient('claude-haiku-4-5', 4_096),
  { ...lenient('claude-3-7-sonnet', 1_024), loadsTools: false },
];

/** @throws ApiError where there is no such model */
export function modelOf({ model }: { readonly model: string }): ModelRules {
  const found = MODELS.find(({ id }) => id === model);
  if (found === undefined) throw new ApiError(404, `model: ${model}`);
  return found;
}
