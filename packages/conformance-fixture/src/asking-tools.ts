import { defineTool, type CallContext, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { fixtureTool } from './fixture-tool.ts';

const ask = (
  call: CallContext,
  question: { readonly key: string; readonly message: string; readonly schema: z.ZodObject },
): Promise<string> => call.elicit(question).then((answer) => JSON.stringify(answer));

const confirmation = { key: 'confirm', message: 'Please confirm', schema: z.object({ ok: z.boolean() }) };
const name = { key: 'user_name', message: 'What is your name?', schema: z.object({ name: z.string() }) };
const annotations = { readOnly: true, destructive: false, idempotent: true, openWorld: false };

const defaults = z.object({
  name: z.string().default('John Doe'),
  age: z.int().default(30),
  score: z.number().default(95.5),
  status: z.enum(['active', 'inactive', 'pending']).default('active'),
  verified: z.boolean().default(true),
});

const titled = (...titles: readonly string[]): { const: string; title: string }[] =>
  titles.map((title, index) => ({ const: `value${index + 1}`, title }));

const options = ['option1', 'option2', 'option3'] as const;

const enums = z.object({
  untitledSingle: z.enum(options),
  titledSingle: z.string().meta({ oneOf: titled('First Option', 'Second Option', 'Third Option') }),
  legacyEnum: z
    .enum(['opt1', 'opt2', 'opt3'])
    .meta({ enumNames: ['Option One', 'Option Two', 'Option Three'] }),
  untitledMulti: z.array(z.enum(options)),
  titledMulti: z.array(z.unknown().meta({ anyOf: titled('First Choice', 'Second Choice', 'Third Choice') })),
});

/** Tools that ask the client; in 2025 while they run, in 2026-07-28 between two runs. */
export const askingTools: readonly Tool[] = [
  defineTool({
    name: 'test_elicitation',
    title: 'test_elicitation',
    description: 'Asks the person for a name and an address.',
    input: z.object({ message: z.string() }),
    annotations,
    async run({ message }, call) {
      const schema = z.object({ username: z.string(), email: z.string() });
      return { text: `User response: ${await ask(call, { key: 'user', message, schema })}` };
    },
  }),
  defineTool({
    name: 'test_sampling',
    title: 'test_sampling',
    description: "Has the client's model answer.",
    input: z.object({ prompt: z.string() }),
    annotations,
    async run({ prompt }, call) {
      const answer = await call.sample({
        key: 'prompt',
        messages: [{ role: 'user', text: prompt }],
        maxTokens: 100,
      });
      return { text: `LLM response: ${JSON.stringify(answer)}` };
    },
  }),
  fixtureTool('test_elicitation_sep1034_defaults', 'Asks with a default for each field.', async (call) => ({
    text: `Elicitation completed: ${await ask(call, { key: 'k', message: 'Check these', schema: defaults })}`,
  })),
  fixtureTool('test_elicitation_sep1330_enums', 'Asks with each kind of choice.', async (call) => ({
    text: `Elicitation completed: ${await ask(call, { key: 'k', message: 'Choose', schema: enums })}`,
  })),
  fixtureTool(
    'test_missing_capability',
    'Needs a client that can sample.',
    async () => Promise.resolve({ text: 'it can' }),
    { needs: ['sampling'] },
  ),
  fixtureTool('test_streaming_elicitation', 'Reports progress, then asks.', async (call) => {
    call.progress(1, 2);
    return { text: await ask(call, confirmation) };
  }),
  fixtureTool('test_input_required_result_elicitation', 'Asks for a name.', async (call) => ({
    text: `Hello, ${await ask(call, name)}!`,
  })),
  fixtureTool('test_input_required_result_sampling', "Asks the client's model.", async (call) => {
    const messages = [{ role: 'user', text: 'What is the capital of France?' }] as const;
    return { text: JSON.stringify(await call.sample({ key: 'capital_question', messages, maxTokens: 100 })) };
  }),
  fixtureTool('test_input_required_result_list_roots', 'Asks for the roots.', async (call) => ({
    text: JSON.stringify(await call.roots({ key: 'client_roots' })),
  })),
  fixtureTool(
    'test_input_required_result_request_state',
    'Asks, and knows its own state again.',
    async (call) => ({
      text: `state-ok ${await ask(call, confirmation)}`,
    }),
  ),
  fixtureTool(
    'test_input_required_result_tampered_state',
    'Asks, and knows a forged state.',
    async (call) => ({
      text: await ask(call, confirmation),
    }),
  ),
  fixtureTool('test_input_required_result_multiple_inputs', 'Asks three things at once.', async (call) => {
    const messages = [{ role: 'user', text: 'Generate a greeting' }] as const;
    const answers = await Promise.all([
      ask(call, name),
      call.sample({ key: 'greeting', messages, maxTokens: 50 }),
      call.roots({ key: 'client_roots' }),
    ]);
    return { text: JSON.stringify(answers) };
  }),
  fixtureTool('test_input_required_result_multi_round', 'Asks twice, one after the other.', async (call) => {
    const first = await ask(call, {
      key: 'step1',
      message: 'Step 1: What is your name?',
      schema: z.object({ name: z.string() }),
    });
    const second = await ask(call, {
      key: 'step2',
      message: 'Step 2: What is your favorite color?',
      schema: z.object({ color: z.string() }),
    });
    return { text: `${first} ${second}` };
  }),
  fixtureTool(
    'test_input_required_result_capabilities',
    'Asks what this client can answer.',
    async (call) => {
      const messages = [{ role: 'user', text: 'Say hello' }] as const;
      const answers = await Promise.all([
        ask(call, name),
        call.sample({ key: 'greeting', messages, maxTokens: 50 }),
      ]);
      return { text: JSON.stringify(answers) };
    },
  ),
];
