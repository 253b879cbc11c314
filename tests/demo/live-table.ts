import type { Colour, Paint } from './paint.ts';
import {
  hasHeld,
  isAsExpected,
  type Expectation,
  type Finding,
  type Row,
  type StoryListener,
} from './story.ts';

export interface Output {
  /** Columns; the table takes 80 to 100. */
  readonly width: number;
  readonly paint: Paint;
  readonly write: (text: string) => void;
}

const APP = 12;
const TIER = 5;
const DECISION = 25;
const MS = 6;
const INDENT = 2;

const fit = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);

const callWidth = ({ width }: Output): number =>
  Math.min(100, Math.max(80, width)) - INDENT - APP - TIER - DECISION - MS - 4;

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function decisionText(row: Row, paint: Paint): string {
  const { decision, expected } = row;
  const text = decision === 'allowed' ? decision : `refused ${decision}`;
  if (!isAsExpected(row)) return `${paint('red', text)} EXPECTED ${expected}`;
  return paint(decision === 'allowed' ? 'green' : 'yellow', text);
}

/** Writes each call when it has been answered: a row of call, application, tier, decision and milliseconds. */
export function liveTable(output: Output): StoryListener {
  const { paint, write } = output;
  const column = callWidth(output);
  const indent = ' '.repeat(INDENT);
  const head = [fit('call', column), fit('app', APP), fit('tier', TIER), 'ms'.padStart(MS), 'decision'];
  write(`${indent}${paint('dim', head.join(' '))}\n`);
  return {
    act: (title) => write(`\n${paint('bold', title)}\n`),
    line: (line) => {
      if (line.kind === 'remark') {
        const width = column + APP + TIER + DECISION + MS;
        for (const part of wrap(line.text, width)) write(`${indent}${paint('cyan', part)}\n`);
        return;
      }
      const { call, app, tier, ms } = line;
      const cells = [fit(call, column), fit(app, APP), fit(tier, TIER), String(Math.round(ms)).padStart(MS)];
      write(`${indent}${cells.join(' ')} ${decisionText(line, paint)}\n`);
    },
  };
}

/** The list of what had to be true, with what the witnesses saw. */
export function writeExpectations(expectations: readonly Expectation[], output: Output): void {
  const { paint, write, width } = output;
  const detail = (name: string, saw: string, colour: Colour): void => {
    const [first = '', ...rest] = wrap(saw, Math.min(100, Math.max(80, width)) - 18);
    write(`       ${paint(colour, `${name.padEnd(8)}  ${first}`)}\n`);
    for (const part of rest) write(`                 ${paint(colour, part)}\n`);
  };
  const finding = (name: string, { saw, held }: Finding): void => detail(name, saw, held ? 'dim' : 'red');
  write(`\n${paint('bold', 'What the witnesses saw')}\n`);
  for (const expectation of expectations) {
    const { what, witness, refused, allowed } = expectation;
    const mark = hasHeld(expectation) ? paint('green', '  ok ') : paint('red', 'FAIL ');
    write(`${mark}  ${what}\n`);
    detail('witness', witness, 'dim');
    if (refused) finding('refused', refused);
    finding('allowed', allowed);
  }
}
