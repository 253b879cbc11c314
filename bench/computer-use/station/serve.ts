import { createInterface } from 'node:readline';
import { reasonOf } from '../../measurement.ts';
import { Request, type Command } from './protocol.ts';

async function answer(line: string, perform: (command: Command) => Promise<void>): Promise<object> {
  const { id, command, times } = Request.parse(JSON.parse(line));
  const ms: number[] = [];
  try {
    for (let time = 0; time < times; time++) {
      const start = performance.now();
      await perform(command);
      ms.push(performance.now() - start);
    }
    return { id, ms };
  } catch (error) {
    return { id, error: reasonOf(error) };
  }
}

/** Performs what is asked for on standard input, one JSON object a line, and answers with its times. */
export async function serveStation(perform: (command: Command) => Promise<void>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(line, perform))}\n`);
  }
}
