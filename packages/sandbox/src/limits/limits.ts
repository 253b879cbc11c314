/**
 * What the programs of a sandbox may use. Processes and scratch are for all together, memory too where there is a control
 * group; the others are for each process.
 */
export interface Limits {
  /** Processes and threads at a time. */
  readonly processes: number;
  /** Bytes of memory. */
  readonly memoryBytes: number;
  /** Bytes of a file that is written. */
  readonly fileBytes: number;
  /** Seconds on the processor, or `null` for no limit. */
  readonly cpuSeconds: number | null;
  /** Bytes of the home folder, and again of /tmp. */
  readonly scratchBytes: number;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export const DEFAULT_LIMITS: Limits = {
  processes: 1024,
  memoryBytes: 8 * GIB,
  fileBytes: 16 * GIB,
  cpuSeconds: null,
  scratchBytes: 512 * MIB,
};

/** A command under limits that it cannot lift, for want of the capability. */
export const limited = (limits: Limits): readonly string[] => [
  '/usr/bin/prlimit',
  '--core=0',
  `--nproc=${limits.processes}`,
  `--data=${limits.memoryBytes}`,
  `--fsize=${limits.fileBytes}`,
  ...(limits.cpuSeconds === null
    ? [] // a second between the signal that says why, and the one that cannot be ignored
    : [`--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 1}`]),
  '--',
];
