import type { BinHost } from './host.ts';

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Resolves at the first signal that asks to end; the second one ends the process at once. */
export function untilSignal(
  host: Pick<BinHost, 'on' | 'exit'>,
  signals: readonly (keyof typeof exitCodes)[] = ['SIGINT', 'SIGTERM'],
): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const signal of signals) {
      host.on(signal, () => {
        if (isAsked) host.exit(exitCodes[signal]);
        isAsked = true;
        resolve();
      });
    }
  });
}
