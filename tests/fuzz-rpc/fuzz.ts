import { readFileSync } from 'node:fs';
import { randomFrom } from '../fuzz-race/random.ts';
import { badCall, type BadCall, type Dice } from './bad-call.ts';
import type { Door } from './door.ts';

/** So many messages are on their way at once, most of the time and in each burst. */
const USUAL = 50;
const BURST = 1000;
/** The server fills its caches and is compiled during this part of the calls. */
const WARM_UP = 0.4;

export interface FuzzOptions {
  readonly calls: number;
  readonly seed: number;
  readonly onBatch?: (done: number) => void;
}

export interface FuzzReport {
  readonly sent: number;
  /** How many answers there were of each kind. */
  readonly answers: Readonly<Record<string, number>>;
  /** What is wrong with answers, at most ten. */
  readonly faults: readonly string[];
  /** Resident memory in MB: the highest after warming up, and the highest of the last fifth. */
  readonly memory: { readonly early: number; readonly late: number };
}

function residentMb(pid: number): number {
  const kB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kB ?? Number.NaN) * 1024) / 1e6;
}

function faultOf(call: BadCall, verdict: string): string | null {
  const isProper = verdict === 'protocol error' || verdict === 'tool error';
  const isFine =
    call.expected === 'silence'
      ? verdict === 'nothing' || verdict === 'protocol error'
      : isProper || (call.expected === 'answer' && verdict !== 'broken');
  return isFine ? null : `${call.kind}: ${verdict} to ${call.body.toString().slice(0, 300)}`;
}

/** Sends bad calls, thousands of them and up to a thousand at once, and looks at every answer. */
export async function fuzz(door: Door, { calls, seed, onBatch }: FuzzOptions): Promise<FuzzReport> {
  const dice: Dice = { random: randomFrom(seed), tools: door.tools, meta: door.meta };
  const answers: Record<string, number> = {};
  const faults: string[] = [];
  const memory: number[] = [];
  const one = async (id: number): Promise<void> => {
    const call = badCall(id, dice);
    const verdict = await door.send(call);
    answers[verdict] = (answers[verdict] ?? 0) + 1;
    const fault = faultOf(call, verdict);
    if (fault !== null && faults.length < 10) faults.push(fault);
  };
  let sent = 0;
  for (let batch = 1; sent < calls; batch++) {
    const size = Math.min(batch % 20 === 0 ? BURST : USUAL, calls - sent);
    const ids = Array.from({ length: size }, (_, index) => sent + index + 1);
    await Promise.all(ids.map(one));
    await door.check();
    sent += size;
    memory.push(residentMb(door.pid));
    onBatch?.(sent);
  }
  const early = memory.slice(Math.floor(memory.length * WARM_UP), Math.ceil(memory.length * 0.6));
  const late = memory.slice(Math.floor(memory.length * 0.8));
  return { sent, answers, faults, memory: { early: Math.max(...early), late: Math.max(...late) } };
}
