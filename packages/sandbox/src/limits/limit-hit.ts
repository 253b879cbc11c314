import type { Limits } from './limits.ts';

/** A limit that was hit, for the one who set it or has to do with less. */
export interface LimitHit {
  readonly limit: keyof Limits;
  readonly message: string;
  readonly hint: string;
}

const MIB = 1024 ** 2;
const mebibytes = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;

type Words = (limits: Limits) => Omit<LimitHit, 'limit'>;

const WORDS: Readonly<Record<keyof Limits, Words>> = {
  memoryBytes: ({ memoryBytes }) => ({
    message: `a program was ended, because all together took more than ${mebibytes(memoryBytes)} of memory`,
    hint: 'Do less at a time, or give the sandbox more memory',
  }),
  processes: ({ processes }) => ({
    message: `a program was not started, because there are ${processes} processes and threads already`,
    hint: 'End some that run, start fewer at a time, or allow more processes',
  }),
  scratchBytes: ({ scratchBytes }) => ({
    message: `the home folder or /tmp is full, with ${mebibytes(scratchBytes)}`,
    hint: 'Remove files there, or write to a mounted folder',
  }),
  fileBytes: ({ fileBytes }) => ({
    message: `a program was ended, because it wrote a file of more than ${mebibytes(fileBytes)}`,
    hint: 'Write smaller files, or allow larger ones',
  }),
  cpuSeconds: ({ cpuSeconds }) => ({
    message: `a program was ended, because it was at work for ${cpuSeconds ?? 0} s`,
    hint: 'Do less at a time, or allow more time on the processor',
  }),
};

export const limitHit = (limit: keyof Limits, limits: Limits): LimitHit => ({
  limit,
  ...WORDS[limit](limits),
});

/** What a shell gives as the status of a program that a signal ended. */
const BY_SIGNAL = 128;
const SIGNALS = { SIGXCPU: 24, SIGXFSZ: 25 } as const;

/** The limit that a program ended for, as its exit status says it; `null` for any other status. */
export function limitOfExit(exitCode: number | null, limits: Limits): LimitHit | null {
  if (exitCode === BY_SIGNAL + SIGNALS.SIGXCPU) return limitHit('cpuSeconds', limits);
  if (exitCode === BY_SIGNAL + SIGNALS.SIGXFSZ) return limitHit('fileBytes', limits);
  return null;
}
