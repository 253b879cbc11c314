import type { Answer, Ask, Question } from '@deskhand/gateway';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import type { Context } from './context.ts';
import { answerOf } from './answers.ts';
import { visible } from './visible.ts';

type Terminal = Pick<Context, 'input' | 'errors' | 'interrupt'>;

/** Asks at the terminal, one question after the other. */
export function askAtTerminal(terminal: Terminal): Ask {
  let before: Promise<unknown> = Promise.resolve();
  return (question, { signal }) => {
    const asked = before.then(() => askNow(question, terminal, signal));
    before = asked.catch(() => undefined); // the one who asked hears of it
    return asked;
  };
}

/** For runs that nobody watches: the session parks. */
export const nobody: Ask = () => Promise.resolve({ kind: 'nobody' });

async function askNow(question: Question, terminal: Terminal, signal: AbortSignal): Promise<Answer> {
  const lines = createInterface({ input: terminal.input, output: terminal.errors });
  lines.on('SIGINT', terminal.interrupt);
  const read = (prompt: string): Promise<string> => lines.question(prompt, { signal });
  try {
    terminal.errors.write(`\n${questionText(question)}\n`);
    return question.form === null
      ? await askAllow(read, question.page !== undefined)
      : await askForm(question.form.schema, read);
  } finally {
    lines.close();
  }
}

/** What a person has to do with a page, before they answer. */
export const pageText = ({ host, url }: NonNullable<Question['page']>): string =>
  visible(`Open it yourself, if you trust ${host}, and answer when you are done there:\n    ${url}`);

/** All that is asked for, with nothing that a terminal would act on. */
const questionText = ({ server, tool, input, reason, form, page }: Question): string =>
  visible(
    [
      `? ${server} wants: ${tool}`,
      ...Object.entries(input).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`),
      `  ${form?.message ?? page?.message ?? reason}`,
      ...(page === undefined ? [] : [`  ${pageText(page)}`]),
    ].join('\n'),
  );

async function askAllow(read: (prompt: string) => Promise<string>, isPage: boolean): Promise<Answer> {
  const prompt = isPage ? '  [o]pened, [n]o > ' : '  [o]nce, this [s]ession, [a]lways, [n]o > ';
  for (;;) {
    const word = (await read(prompt)).trim().toLowerCase();
    const answer = isPage && word === 'opened' ? answerOf('once') : answerOf(word);
    if (answer !== null) return answer;
  }
}

const field = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  oneOf: z.array(z.looseObject({ const: z.string() })).optional(),
});
const formSchema = z.looseObject({ properties: z.record(z.string(), field) });

/** An empty line refuses, or leaves a box empty. */
async function askForm(
  schema: Readonly<Record<string, unknown>>,
  read: (prompt: string) => Promise<string>,
): Promise<Answer> {
  const content: Record<string, string | number | boolean> = {};
  for (const [name, about] of Object.entries(formSchema.parse(schema).properties)) {
    const choices =
      about.enum ?? about.oneOf?.map((one) => one.const) ?? (about.type === 'boolean' ? ['yes', 'no'] : []);
    const label = visible(about.title ?? about.description ?? name);
    const prompt = `  ${label}${choices.length === 0 ? '' : visible(` (${choices.join(', ')})`)} > `;
    const value = await readField(prompt, { type: about.type ?? 'string', choices }, read);
    if (value === null) return { kind: 'deny' };
    content[name] = value;
  }
  return { kind: 'filled', content };
}

async function readField(
  prompt: string,
  { type, choices }: { readonly type: string; readonly choices: readonly string[] },
  read: (prompt: string) => Promise<string>,
): Promise<string | number | boolean | null> {
  for (;;) {
    const text = (await read(prompt)).trim();
    if (text === '') return type === 'boolean' ? false : null;
    if (choices.length > 0 && !choices.includes(text)) continue;
    if (type === 'boolean') return text === 'yes';
    if (type !== 'number' && type !== 'integer') return text;
    if (Number.isFinite(Number(text))) return Number(text);
  }
}
