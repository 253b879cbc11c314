import { parsePrintedAnchor, printAnchor } from '../verify/printed-anchor.ts';
import type { FolderVerdict } from '../verify/verdict.ts';
import { readAnchors, verifyFolder } from '../verify/verify-folder.ts';
import { done, json, UsageError, type CommandResult } from './outcome.ts';
import { columns, localTime, plain, type Paint } from './plain-text.ts';

export interface VerifyCommand {
  readonly anchor?: string;
  readonly json?: boolean;
}

export function verify(folder: string, options: VerifyCommand, paint: Paint): CommandResult {
  const anchor = options.anchor === undefined ? undefined : parsePrintedAnchor(options.anchor);
  if (options.anchor !== undefined && anchor === undefined)
    throw new UsageError('--anchor takes the whole line that `anchors print` printed');
  const verdict = verifyFolder(folder, anchor === undefined ? {} : { anchor });
  const text = options.json === true ? json(verdict) : verdictText(folder, verdict, paint);
  return { text, exitCode: verdict.ok ? 0 : 2 };
}

export function printAnchors(folder: string): CommandResult {
  // the anchors first: rows that come after them are no contradiction
  const anchors = readAnchors(folder);
  const verdict = verifyFolder(folder);
  if (verdict.ok) return done(printAnchor(verdict, anchors, new Date()));
  return { text: 'The ledger does not hold, so nothing vouches for it: see what verify says.', exitCode: 2 };
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;

function verdictText(folder: string, verdict: FolderVerdict, paint: Paint): string {
  const { ok, files, rows, anchors, blobs, problems, unfinished } = verdict;
  const torn = files.flatMap(({ file, tornBytes }) =>
    tornBytes === undefined ? [] : [[file, `${tornBytes} bytes`]],
  );
  return [
    ok ? `The ledger holds: ${folder}` : paint(`THE LEDGER DOES NOT HOLD: ${folder}`, 'bad'),
    `${count(files.length, 'file')}, ${count(rows, 'row')}, ${count(anchors, 'anchor')}, ${count(blobs, 'blob')}`,
    ...section(
      'What is wrong',
      problemLines(verdict).map((line) => paint(line, 'bad')),
      problems.length,
    ),
    ...section('Torn last lines, as a crash leaves them', columns(torn), torn.length),
    ...section(
      'Intents without an outcome',
      unfinishedLines(verdict).map((line) => paint(line, 'open')),
      unfinished.length,
    ),
  ].join('\n');
}

const section = (title: string, lines: readonly string[], length: number): string[] =>
  length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];

const problemLines = ({ problems }: FolderVerdict): string[] =>
  columns(
    problems.map(({ file, line, problem }) => [
      plain(file),
      line === undefined ? '' : `line ${line}`,
      plain(problem),
    ]),
  );

const unfinishedLines = ({ unfinished }: FolderVerdict): string[] =>
  columns(
    unfinished.map(({ ts, name, session, file, seq, outcome }) => [
      localTime(ts),
      outcome === 'running' ? 'still running' : 'unknown outcome',
      plain(name),
      plain(session),
      `${file}:${seq}`,
    ]),
  );
