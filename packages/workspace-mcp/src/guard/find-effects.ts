import { overwriting, removal, said } from './losses.ts';
import { LOOKING } from './looking.ts';
import type { Scope } from './scope.ts';
import { ask, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

/** Tests of find that leave something out. */
const FILTERS =
  /^-(i?name|i?path|i?regex|mtime|mmin|atime|ctime|newer\w*|size|empty|user|group|perm|inum|links)$/;

/** What find does with what it finds. */
export function findEffects(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const at = fields.findIndex(({ text }) => /^[-(!]/.test(text));
  const starts = at === 0 ? [{ text: '.', isPattern: false }] : fields.slice(0, at < 0 ? fields.length : at);
  const tests = fields.slice(at < 0 ? fields.length : at).map(({ text }) => text);
  const run = tests.findIndex((text) => /^-(exec|execdir|ok|okdir)$/.test(text));
  const program = run < 0 ? '' : (tests[run + 1] ?? '');
  const isRemoving = tests.includes('-delete') || /^(.*\/)?(rm|shred|unlink|truncate)$/.test(program);
  const written = fields.flatMap((field, index) =>
    /^-f(?:print[0f]?|ls)$/.test(fields[index - 1]?.text ?? '') ? [overwriting(field, scope)] : [],
  );
  if (!isRemoving) {
    if (run >= 0 && !LOOKING.has(program))
      return [ask(`it runs ${JSON.stringify(program)} for each file that it finds`), ...written];
    return [harmless, ...written];
  }
  const isPart = tests.some((text) => FILTERS.test(text));
  const removed = starts.map((field) => {
    const effect = removal(field, scope, 'it deletes');
    return effect.decision === 'deny' && isPart ? ask(`it deletes what it finds in ${said(field)}`) : effect;
  });
  return [...removed, ...written];
}
