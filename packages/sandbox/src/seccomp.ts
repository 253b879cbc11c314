import { DENIED, IOCTL, SOCKET, SOCKETPAIR } from './system-calls.ts';

/** Architectures as Node.js names them. */
export type Architecture = 'x64' | 'arm64';

/** `AUDIT_ARCH_…` of linux/audit.h. */
const AUDIT_ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
/** System calls of x32, which x86-64 kernels may take as well, have this bit. */
const X32_BIT = 0x4000_0000;

const ERRNO = { EPERM: 1, EAFNOSUPPORT: 97 } as const;
const KILL_PROCESS = 0x8000_0000;
const ALLOW = 0x7fff_0000;
const fail = (errno: number): number => 0x0005_0000 | errno;

/** Offsets in `struct seccomp_data`; of arguments the lower half. */
const NUMBER = 0;
const ARCH = 4;
const ARGUMENT = [16, 24] as const;

/** AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK, which tells a program the addresses it has. */
const SOCKET_FAMILIES = [1, 2, 10, 16];
/** TIOCSTI and TIOCLINUX type into a terminal for its user. */
const TYPING_IOCTLS = [0x5412, 0x541c];

const BYTES = 8;
interface Instruction {
  readonly code: number;
  readonly ifTrue?: number;
  readonly ifFalse?: number;
  readonly value: number;
}

const load = (offset: number): Instruction => ({ code: 0x20, value: offset });
const give = (verdict: number): Instruction => ({ code: 0x06, value: verdict });
const ifEqual = (value: number, ifTrue: number, ifFalse: number): Instruction => ({
  ...{ code: 0x15, value, ifTrue, ifFalse },
});
const ifAtLeast = (value: number, ifTrue: number, ifFalse: number): Instruction => ({
  ...{ code: 0x35, value, ifTrue, ifFalse },
});

/** The verdict for a call whose argument is one of the values, or is none of them; other calls go on behind it. */
function judgeArgument(
  number: number,
  argument: 0 | 1,
  { values, when, verdict }: { values: readonly number[]; when: 'one' | 'none'; verdict: number },
): Instruction[] {
  const [ofOne, ofNone] = when === 'one' ? [verdict, ALLOW] : [ALLOW, verdict];
  const tests = values.map((value, index) => ifEqual(value, values.length - index, 0));
  const judged = [load(ARGUMENT[argument]), ...tests, give(ofNone), give(ofOne)];
  return [ifEqual(number, 0, judged.length), ...judged];
}

/**
 * A filter of system calls in classic BPF, as `bwrap --seccomp` reads it: another architecture ends the process, what
 * `DENIED` lists fails with EPERM, and sockets are of the families that programs use.
 */
export function seccompProgram(architecture: Architecture): Buffer {
  const program: Instruction[] = [
    load(ARCH),
    ifEqual(AUDIT_ARCH[architecture], 1, 0),
    give(KILL_PROCESS),
    load(NUMBER),
    ...(architecture === 'x64' ? [ifAtLeast(X32_BIT, 0, 1), give(KILL_PROCESS)] : []),
    ...Object.values(DENIED).flatMap((numbers) => [
      ifEqual(numbers[architecture], 0, 1),
      give(fail(ERRNO.EPERM)),
    ]),
    ...[SOCKET, SOCKETPAIR].flatMap((numbers) =>
      judgeArgument(numbers[architecture], 0, {
        ...{ values: SOCKET_FAMILIES, when: 'none', verdict: fail(ERRNO.EAFNOSUPPORT) },
      }),
    ),
    ...judgeArgument(IOCTL[architecture], 1, {
      ...{ values: TYPING_IOCTLS, when: 'one', verdict: fail(ERRNO.EPERM) },
    }),
    give(ALLOW),
  ];
  const bytes = Buffer.alloc(program.length * BYTES);
  program.forEach(({ code, ifTrue = 0, ifFalse = 0, value }, index) => {
    bytes.writeUInt16LE(code, index * BYTES);
    bytes.writeUInt8(ifTrue, index * BYTES + 2);
    bytes.writeUInt8(ifFalse, index * BYTES + 3);
    bytes.writeUInt32LE(value, index * BYTES + 4);
  });
  return bytes;
}
