import { eventually } from '../lab/eventually.ts';
import type { Case, Step, Where } from './case.ts';
import { NoAnswer, type Action, type Driver, type Field, type Said, type Sighting } from './driver.ts';
import type { Site } from './site.ts';

/**
 * `refused`: it was not done, and the answer said so. `false success`: the answer said that it was done, and the page
 * says that it was not. `wrong`: what a reading left out or made up, or an error that came as none.
 */
export type Outcome = 'pass' | 'refused' | 'false success' | 'wrong' | 'no answer' | 'not offered';

export interface Verdict {
  readonly outcome: Outcome;
  readonly reason: string;
  /** Of all answers together. */
  readonly ms: number;
  readonly bytes: number;
}

const DEADLINE_MS = 20_000;
/** For words that a page tells a while after the action that they come from. */
const TELLING_MS = 10_000;
const WHERE = /^(?<roles>[\w|]+)(?: "(?<name>.*?)")?(?: #(?<nth>\d+))?$/u;

class Missed extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome, reason: string) {
    super(reason);
    this.outcome = outcome;
  }
}

/** One case on one server: what it was told by it so far. */
class Attempt {
  readonly #driver: Driver;
  readonly #base: string;
  readonly #deadlineMs: number;
  #seen: string | null = null;
  ms = 0;
  bytes = 0;

  constructor(driver: Driver, base: string, deadlineMs: number) {
    this.#driver = driver;
    this.#base = base;
    this.#deadlineMs = deadlineMs;
  }

  async act(action: Action): Promise<Said> {
    const said = await this.#driver.act(action, { deadlineMs: this.#deadlineMs });
    if (said === null) throw new Missed('not offered', `there is no tool to ${action.do}`);
    this.ms += said.ms;
    this.bytes += said.bytes;
    return said;
  }

  async look(): Promise<string> {
    const { isError, text } = await this.act({ do: 'snapshot' });
    if (isError) throw new Missed('refused', text);
    this.#seen = text;
    return text;
  }

  async find(where: Where): Promise<Sighting> {
    const known = this.#seen === null ? undefined : this.#among(this.#seen, where);
    const found = known ?? this.#among(await this.look(), where);
    if (found === undefined) throw new Missed('wrong', `no snapshot shows ${where}`);
    return found;
  }

  async refOf(where: Where): Promise<string> {
    return (await this.find(where)).ref;
  }

  url(path: string): string {
    return path.startsWith('http') ? path : this.#base + path;
  }

  #among(snapshot: string, where: Where): Sighting | undefined {
    const { roles = '', name, nth = '1' } = WHERE.exec(where)?.groups ?? {};
    const fits = this.#driver
      .sightings(snapshot)
      .filter((one) => roles.split('|').includes(one.role) && (name === undefined || one.name === name));
    return fits[Number(nth) - 1];
  }
}

async function fieldsOf(attempt: Attempt, fill: NonNullable<Step['fill']>): Promise<readonly Field[]> {
  const fields: Field[] = [];
  for (const [where, value] of Object.entries(fill)) fields.push({ ...(await attempt.find(where)), value });
  return fields;
}

async function pointing(step: Step, attempt: Attempt): Promise<Action | null> {
  const { click, button, count, modifiers, clickAt, hover, drag, to, by } = step;
  if (click !== undefined) {
    const more = { ...(button && { button }), ...(count && { count }), ...(modifiers && { modifiers }) };
    return { do: 'click', ref: await attempt.refOf(click), ...more };
  }
  if (clickAt !== undefined) return { do: 'clickAt', x: clickAt[0], y: clickAt[1] };
  if (hover !== undefined) return { do: 'hover', ref: await attempt.refOf(hover) };
  if (drag === undefined) return null;
  const from = await attempt.refOf(drag);
  if (by !== undefined) return { do: 'dragBy', from, by };
  return { do: 'drag', from, to: await attempt.refOf(to ?? '') };
}

async function scrolling(step: Step, attempt: Attempt): Promise<Action | null> {
  const { scrollTo, scrollBy, scrollUntil, on } = step;
  const at =
    on === undefined || (scrollBy ?? scrollUntil) === undefined ? {} : { ref: await attempt.refOf(on) };
  if (scrollTo !== undefined) return { do: 'scrollTo', ref: await attempt.refOf(scrollTo) };
  if (scrollBy !== undefined) return { do: 'scrollBy', by: scrollBy, ...at };
  return scrollUntil === undefined ? null : { do: 'scrollUntil', text: scrollUntil, ...at };
}

async function actionOf(step: Step, attempt: Attempt): Promise<Action> {
  const { open, go, fill, press, on, wait, waitGone, evaluate, dialog, text, seeTabs } = step;
  if (open !== undefined) return { do: 'navigate', url: attempt.url(open) };
  if (go !== undefined) return { do: go };
  if (fill !== undefined) return { do: 'fill', fields: await fieldsOf(attempt, fill) };
  if (press !== undefined) {
    return { do: 'press', key: press, ...(on !== undefined && { ref: await attempt.refOf(on) }) };
  }
  if (wait !== undefined) return { do: 'wait', text: wait };
  if (waitGone !== undefined) return { do: 'waitGone', text: waitGone };
  if (evaluate !== undefined) return { do: 'evaluate', script: evaluate };
  if (seeTabs !== undefined) return { do: 'tabs' };
  if (dialog !== undefined) {
    return { do: 'dialog', accept: dialog === 'accept', ...(text !== undefined && { text }) };
  }
  return (await pointing(step, attempt)) ?? (await scrolling(step, attempt)) ?? { do: 'snapshot' };
}

function requireWords(step: Step, text: string): void {
  const missing = [...(step.see ?? []), ...(step.seeTabs ?? [])].find((words) => !text.includes(words));
  if (missing !== undefined) throw new Missed('wrong', `it does not show ${missing}: ${text}`);
  const shown = step.lacks?.find((words) => text.includes(words));
  if (shown !== undefined) throw new Missed('wrong', `it shows ${shown}: ${text}`);
  if (step.says?.test(text) === false)
    throw new Missed('wrong', `it does not say ${step.says.source}: ${text}`);
}

async function take(step: Step, attempt: Attempt): Promise<void> {
  if (step.see !== undefined || step.lacks !== undefined) {
    requireWords(step, await attempt.look());
    return;
  }
  const { isError, text } = await attempt.act(await actionOf(step, attempt));
  if (step.admits !== undefined) {
    if (!step.admits.test(text)) throw new Missed('false success', `it does not admit it: ${text}`);
    return;
  }
  if (step.refused === undefined) {
    if (isError && step.orRefused?.test(text) === true) return;
    if (isError) throw new Missed('refused', text);
    requireWords(step, text);
    return;
  }
  if (!isError && step.refused.test(text)) throw new Missed('wrong', `an error that came as none: ${text}`);
  if (!isError) throw new Missed('false success', `it should have failed: ${text}`);
  if (!step.refused.test(text)) throw new Missed('refused', `it failed in other words: ${text}`);
}

/** Some things come by themselves, a little later than an agent looks. */
async function insist(step: Step, attempt: Attempt): Promise<void> {
  const end = performance.now() + TELLING_MS;
  for (;;) {
    try {
      await take(step, attempt);
      return;
    } catch (error) {
      if (!(error instanceof Missed) || performance.now() > end) throw error;
    }
  }
}

async function requireTold(site: Site, folder: string, wanted: readonly string[]): Promise<void> {
  const isTold = (): boolean => JSON.stringify(site.told(folder)) === JSON.stringify(wanted);
  await eventually('the page to tell', isTold, TELLING_MS).catch(() => {
    const told = JSON.stringify(site.told(folder));
    throw new Missed('false success', `the page told ${told}, and not ${JSON.stringify(wanted)}`);
  });
}

/** Does a case with a server, and judges it by what the page itself tells. */
export async function runCase(driver: Driver, site: Site, one: Case): Promise<Verdict> {
  const folder = folderOf(one);
  const base = site.put(folder, typeof one.page === 'string' ? { '': one.page } : one.page);
  const attempt = new Attempt(driver, base, one.deadlineMs ?? DEADLINE_MS);
  const verdict = (outcome: Outcome, reason = ''): Verdict => ({
    ...{ outcome, reason, ms: attempt.ms, bytes: attempt.bytes },
  });
  try {
    const steps = one.steps[0]?.open === undefined ? [{ open: '' }, ...one.steps] : one.steps;
    for (const step of steps) await (step.patient === true ? insist(step, attempt) : take(step, attempt));
    if (one.told !== undefined) await requireTold(site, folder, one.told);
    return verdict('pass');
  } catch (error) {
    if (error instanceof Missed) return verdict(error.outcome, error.message);
    if (error instanceof NoAnswer) return verdict('no answer', error.message);
    throw error;
  }
}

const folderOf = ({ name }: Case): string => name.replaceAll(/[^a-z0-9]+/giu, '-').toLowerCase();
