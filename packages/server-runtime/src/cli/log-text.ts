import { z } from 'zod';
import { logLevels } from '../log.ts';
import { harmless } from './terminal-text.ts';

const entry = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string(),
  err: z.object({ stack: z.string() }).optional(),
});

/** Lines of a log as a person reads them; what is not a log line stays as it is. */
export const logText = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => harmless(lineText(line)))
    .join('\n');

function lineText(line: string): string {
  const parsed = entry.safeParse(parsedOr(line));
  if (!parsed.success) return line;
  const { level, time, msg, err, ...fields } = parsed.data;
  const name = logLevels[level / 10 - 1] ?? String(level);
  const rest = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`;
  const stack = err === undefined ? '' : `\n  ${err.stack.replaceAll('\n', '\n  ')}`;
  return `${new Date(time).toISOString()} ${name.padEnd(5)} ${msg}${rest}${stack}`;
}

function parsedOr(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // something else than the log wrote it
  }
}
