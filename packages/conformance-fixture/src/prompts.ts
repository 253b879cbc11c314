import { definePrompt, type Prompt, type PromptMessage } from '@deskhand/server-runtime';
import { z } from 'zod';
import { redPixel } from './media.ts';

const none = z.object({});
const says = (text: string): PromptMessage => ({ role: 'user', content: { type: 'text', text } });

/** Prompts of each kind. */
export const fixturePrompts: readonly Prompt[] = [
  definePrompt({
    name: 'test_simple_prompt',
    description: 'One message.',
    arguments: none,
    get: async () => Promise.resolve([says('This is a simple prompt for testing.')]),
  }),
  definePrompt({
    name: 'test_prompt_with_arguments',
    description: 'A message with two values.',
    arguments: z.object({
      arg1: z.string().describe('First test argument'),
      arg2: z.string().describe('Second test argument'),
    }),
    suggest: { arg1: (value) => ['paris', 'park', 'party'].filter((word) => word.startsWith(value)) },
    get: async ({ arg1, arg2 }) =>
      Promise.resolve([says(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)]),
  }),
  definePrompt({
    name: 'test_prompt_with_embedded_resource',
    description: 'A message with a resource inside.',
    arguments: z.object({ resourceUri: z.string().describe('URI of the resource to embed') }),
    get: async ({ resourceUri: uri }) =>
      Promise.resolve([
        {
          role: 'user',
          content: {
            type: 'resource',
            resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
          },
        },
        says('Please process the embedded resource above.'),
      ]),
  }),
  definePrompt({
    name: 'test_prompt_with_image',
    description: 'A message with a picture.',
    arguments: none,
    get: async () =>
      Promise.resolve([
        { role: 'user', content: { type: 'image', data: redPixel, mimeType: 'image/png' } },
        says('Please analyze the image above.'),
      ]),
  }),
  definePrompt({
    name: 'test_input_required_result_prompt',
    description: 'Asks for its context first.',
    arguments: none,
    async get(_args, call) {
      const answer = await call.elicit({
        key: 'user_context',
        message: 'What context should the prompt use?',
        schema: z.object({ context: z.string() }),
      });
      return [says(answer.action === 'accept' ? answer.content.context : 'No context.')];
    },
  }),
];
