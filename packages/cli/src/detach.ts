import { knownAnswer, saidOf } from './answers.ts';
import { attach } from './attach.ts';
import { EXIT } from './context.ts';
import { holderOf, startedDaemon } from './daemon-process.ts';
import { mountOf } from './mount.ts';
import type { Place, RunOptions, Task } from './opened-session.ts';
import { resume, type ResumeOptions } from './run.ts';
import { shown, untilInterrupted } from './waiting.ts';

const WAITING = 'Waiting for the daemon, which starts its servers';

/** Gives a task to the daemon, and its id to who asked. */
export async function runDetached(task: Task, options: RunOptions, place: Place): Promise<number> {
  const { context } = place;
  const mounts = (options.mount ?? []).map((text) => mountOf(text, context));
  const session = {
    ...optionsOf(options),
    ...(typeof task === 'string' ? { task } : { prompt: task }),
    mounts: mounts.map(({ name, path, isReadOnly }) => ({ name, path, readOnly: isReadOnly })),
  };
  const hint = 'The daemon may have begun it. See: deskhand sessions';
  const given = untilInterrupted(context, hint, async (signal) =>
    (await startedDaemon(place, signal)).start(session, signal),
  );
  const { id } = await shown(context, WAITING, given);
  context.output.write(`${id}\n`);
  context.errors.write(`Watch it: deskhand attach ${id}   End it: deskhand stop ${id}\n`);
  return EXIT.done;
}

interface Resumption {
  readonly id: string;
  readonly words: string | undefined;
}

/** Goes on with a session: where the daemon has it open there, which is watched from here. */
export async function resumeAnywhere(
  { id, words }: Resumption,
  options: ResumeOptions & { readonly detach?: boolean },
  place: Place,
): Promise<number> {
  const holder = await holderOf(id, place);
  if (holder === undefined && options.detach !== true) return resume({ id, words }, options, place);
  const answer = options.answer === undefined ? undefined : saidOf(knownAnswer(options.answer));
  const wish = { ...optionsOf(options), ...(words !== undefined && { text: words }) };
  const hint = `The daemon may go on with it. Watch it: deskhand attach ${id}`;
  const told = untilInterrupted(place.context, hint, async (signal) => {
    const daemon = holder ?? (await startedDaemon(place, signal));
    if (answer !== undefined) await daemon.answer(id, answer, signal);
    if (answer === undefined || Object.keys(wish).length > 0) await daemon.resume(id, wish, signal);
  });
  await shown(place.context, WAITING, told);
  return options.detach === true ? EXIT.done : attach(id, options, place);
}

/** What the daemon takes of the options. */
const optionsOf = ({ model, chatUrl, window, mode, servers, maxUsd, maxTurns }: RunOptions) => ({
  ...(model !== undefined && { model }),
  ...(chatUrl !== undefined && { chatUrl }),
  ...(window !== undefined && { window }),
  ...(mode !== undefined && { mode }),
  ...(servers !== undefined && { servers: [...servers] }),
  ...(maxUsd !== undefined && { maxUsd }),
  ...(maxTurns !== undefined && { maxTurns }),
});
