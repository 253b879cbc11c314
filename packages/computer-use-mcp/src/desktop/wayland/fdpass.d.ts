/** The part of the `x11` package that sends file descriptors over a local socket; it ships no types. */
declare module 'x11/lib/fdpass.js' {
  import type { Socket } from 'node:net';

  export interface DescriptorSocket extends Socket {
    /** Sends bytes with descriptors, which it closes whatever happens. */
    sendFds(bytes: Buffer, fds: readonly number[], done: (error: Error | null) => void): void;
    /** Node's own part of it. */
    readonly _handle: { readonly fd: number; readStop(): void } | null;
  }

  const fdpass: {
    /** `null` where Node cannot send descriptors. */
    connect(path: string): DescriptorSocket | null;
  };
  export default fdpass;
}
