import { definePrompt, Live, type Prompt, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { askingTools } from './asking-tools.ts';
import { contentTools } from './content-tools.ts';
import { fixtureTool } from './fixture-tool.ts';
import { fixturePrompts } from './prompts.ts';

/** The tools and prompts of one session, with tools that change either. */
export function changingOffers(): { tools: Live<readonly Tool[]>; prompts: Live<readonly Prompt[]> } {
  const tools: Live<readonly Tool[]> = new Live([
    ...contentTools,
    ...askingTools,
    fixtureTool('test_trigger_tool_change', 'Adds a tool, or takes it away.', async () => {
      toggle(tools, extraTool);
      return Promise.resolve({ text: 'changed' });
    }),
    fixtureTool('test_trigger_prompt_change', 'Adds a prompt, or takes it away.', async () => {
      toggle(prompts, extraPrompt);
      return Promise.resolve({ text: 'changed' });
    }),
  ]);
  const prompts: Live<readonly Prompt[]> = new Live(fixturePrompts);
  return { tools, prompts };
}

const extraTool = fixtureTool('test_extra', 'Comes and goes.', async () => Promise.resolve({ text: 'here' }));

const extraPrompt = definePrompt({
  name: 'test_extra_prompt',
  description: 'Comes and goes.',
  arguments: z.object({}),
  get: async () => Promise.resolve([{ role: 'user', content: { type: 'text', text: 'Here.' } }]),
});

function toggle<T>(list: Live<readonly T[]>, one: T): void {
  const { value } = list;
  list.set(value.includes(one) ? value.filter((other) => other !== one) : [...value, one]);
}
