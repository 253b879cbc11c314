import { DEFAULT_LIMITS, limitOfExit, type LimitHit, type Limits } from '@deskhand/sandbox';

/** What the command line says of limits. */
export interface LimitOptions {
  /** MiB */
  readonly memory: number;
  readonly processes: number;
  /** MiB */
  readonly scratch: number;
  /** MiB */
  readonly fileSize: number;
  /** Seconds */
  readonly cpu?: number | undefined;
}

const MIB = 1024 ** 2;

export const limitsOf = ({ memory, processes, scratch, fileSize, cpu }: LimitOptions): Limits => ({
  ...DEFAULT_LIMITS,
  ...{ memoryBytes: memory * MIB, processes, scratchBytes: scratch * MIB },
  ...{ fileBytes: fileSize * MIB, cpuSeconds: cpu ?? null },
});

/** All of them, for a person. */
export const limitWords = ({ processes, memoryBytes, fileBytes, cpuSeconds, scratchBytes }: Limits): string =>
  [
    ...[`${processes} processes`, `${memoryBytes / MIB} MiB of memory`, `files of ${fileBytes / MIB} MiB`],
    ...(cpuSeconds === null ? [] : [`${cpuSeconds} s of processor time`]),
    `${scratchBytes / MIB} MiB in /tmp and at home`,
  ].join(', ');

interface Told {
  readonly limit: keyof Limits;
  readonly option: string;
  readonly words: (limits: Limits) => string;
  /** What programs print when it is refused to them. */
  readonly said: RegExp;
  /** Only a shell or the kernel says that, so that it counts whatever the exit code is. */
  readonly isSure?: RegExp;
}

const TOLD: readonly Told[] = [
  {
    ...{ limit: 'memoryBytes', option: '--memory' },
    words: ({ memoryBytes }) => `${memoryBytes / MIB} MiB of memory`,
    said: /\bMemoryError\b|cannot allocate memory|out of memory|std::bad_alloc/i,
  },
  {
    ...{ limit: 'processes', option: '--processes' },
    words: ({ processes }) => `${processes} processes and threads`,
    said: /resource temporarily unavailable|can't start new thread/i,
    isSure: /^bash: (?:line \d+: )?fork: /m,
  },
  {
    ...{ limit: 'scratchBytes', option: '--scratch' },
    words: ({ scratchBytes }) => `${scratchBytes / MIB} MiB in /tmp and again at home`,
    said: /no space left on device/i,
  },
  {
    ...{ limit: 'fileBytes', option: '--file-size' },
    words: ({ fileBytes }) => `${fileBytes / MIB} MiB for a file`,
    said: /file too large/i,
    isSure: /\bFile size limit exceeded\b/,
  },
  {
    ...{ limit: 'cpuSeconds', option: '--cpu' },
    words: ({ cpuSeconds }) => `${cpuSeconds ?? 0} s of processor time for a program`,
    said: /\bCPU time limit exceeded\b/,
    isSure: /\bCPU time limit exceeded\b/,
  },
];

/** What is known of a command that is over. */
export interface Over {
  readonly exitCode: number | null;
  readonly printed: string;
}

/** Whether it may have hit a limit at all. */
export const mayHaveHit = ({ exitCode, printed }: Over): boolean =>
  exitCode !== 0 || TOLD.some(({ isSure }) => isSure?.test(printed) === true);

/** Limits that a command hit, those that were measured and those that it may have printed of, and what raises them. */
export function hitWords(measured: readonly LimitHit[], over: Over, limits: Limits): readonly string[] {
  const ofExit = limitOfExit(over.exitCode, limits);
  const hits = ofExit === null ? measured : [...measured, ofExit];
  const sure = hits.map(({ limit, message, hint }) => {
    const { option } = TOLD.find((told) => told.limit === limit) ?? { option: 'other limits' };
    return `${message.charAt(0).toUpperCase()}${message.slice(1)}. ${hint}: a person can raise it with ${option}`;
  });
  const maybe = TOLD.filter(({ limit }) => !hits.some((hit) => hit.limit === limit))
    .filter(({ limit }) => limits[limit] !== null)
    .filter(
      ({ said, isSure }) =>
        isSure?.test(over.printed) === true || (over.exitCode !== 0 && said.test(over.printed)),
    )
    .map(
      ({ words, option }) =>
        `What it printed may be of a limit: there are ${words(limits)}, and a person can raise that with ${option}`,
    );
  return [...sure, ...maybe];
}
