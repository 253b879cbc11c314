import type { Limits } from '@deskhand/sandbox';

/** Programs alone have this limit, for the process that serves files works as long as the session. */
const SECONDS = 'DESKHAND_CPU_SECONDS';

/** How the shell gets to know of it. */
export const shellEnv = ({ cpuSeconds }: Limits): Readonly<Record<string, string>> =>
  cpuSeconds === null ? {} : { [SECONDS]: `${cpuSeconds}` };

/** What a shell does first, and its variables without that. */
export function cpuLimitIn({ [SECONDS]: text, ...env }: Readonly<Record<string, string | undefined>>) {
  const seconds = Number(text);
  // a second between the signal that says why, and the one that cannot be ignored
  const limit = seconds > 0 ? `ulimit -St ${seconds}; ulimit -Ht ${seconds + 1}; ` : '';
  return { env, limit };
}
