import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';

const LINE_END = 0x0a;

/** Reads a file that grows, each part of it once: the function gives the whole lines since the last time. */
export function newLinesOf(path: string): () => Promise<readonly string[]> {
  let start = 0;
  const read = async (): Promise<readonly string[]> => {
    const added = await buffer(createReadStream(path, { start }));
    const end = added.lastIndexOf(LINE_END);
    start += end + 1;
    return end < 0 ? [] : added.toString('utf8', 0, end).split('\n');
  };
  let last: Promise<unknown> = Promise.resolve();
  // one after another, so that nothing is read twice
  return () => {
    const reading = last.then(read);
    last = reading.catch(() => undefined); // told to whoever asked
    return reading;
  };
}
