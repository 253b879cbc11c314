import { Writable } from 'node:stream';

/** The two streams of a process that may be written to. */
interface OutputStreams {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Sole access to a standard output. */
interface ClaimedStdout {
  readonly stream: Writable;
  /** Gives stdout back to everybody. */
  release(): void;
}

/** Takes stdout for the protocol: whatever else writes to it, a library or a stray `console.log`, goes to stderr. */
export function claimStdout({ stdout, stderr }: OutputStreams): ClaimedStdout {
  const write = stdout.write.bind(stdout);
  const ignore = (): void => undefined; // the writer's callback reports the same error
  stdout.on('error', ignore);
  stdout.write = stderr.write.bind(stderr);
  const stream = new Writable({
    decodeStrings: false, // stdout does it, without a buffer in between
    write(chunk: string | Uint8Array, _encoding, done) {
      write(chunk, 'utf8', done);
    },
  });
  return {
    stream,
    release() {
      stdout.write = write;
    },
  };
}
