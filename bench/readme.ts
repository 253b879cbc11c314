import { readFile, writeFile } from 'node:fs/promises';

/** Puts the text of the last run of a benchmark into the README, between its two marks. */
export async function putRun(readme: URL, bench: string, text: string): Promise<void> {
  const [begin, end] = [`<!-- run of ${bench} -->`, `<!-- end of ${bench} -->`];
  const whole = await readFile(readme, 'utf8');
  const [before, rest] = cut(whole, begin);
  const [, after] = cut(rest, end);
  await writeFile(readme, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}

function cut(text: string, mark: string): readonly [before: string, after: string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`the README has no ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
