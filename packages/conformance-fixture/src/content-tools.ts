import { ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { fixtureTool } from './fixture-tool.ts';
import { redPixel, silence } from './media.ts';

const addressed = z.object({
  name: z.string(),
  address: z.object({ street: z.string(), city: z.string() }).meta({ id: 'address' }),
});

/** Tools for each kind of answer. */
export const contentTools: readonly Tool[] = [
  fixtureTool('test_simple_text', 'Answers with one line of text.', async () =>
    Promise.resolve({ text: 'This is a simple text response for testing.' }),
  ),
  fixtureTool('test_image_content', 'Answers with a picture.', async () =>
    Promise.resolve({ text: 'A red pixel:', images: [{ data: redPixel, mimeType: 'image/png' }] }),
  ),
  fixtureTool('test_audio_content', 'Answers with sound.', async () =>
    Promise.resolve({
      text: 'Silence:',
      blocks: [{ type: 'audio', data: silence, mimeType: 'audio/wav' }],
    }),
  ),
  fixtureTool('test_embedded_resource', 'Answers with a resource inside.', async () =>
    Promise.resolve({
      text: 'A resource:',
      blocks: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    }),
  ),
  fixtureTool(
    'test_multiple_content_types',
    'Answers with text, a picture, a resource and a link.',
    async () =>
      Promise.resolve({
        text: 'Multiple content types test:',
        images: [{ data: redPixel, mimeType: 'image/png' }],
        blocks: [
          {
            type: 'resource',
            resource: {
              uri: 'test://mixed-content-resource',
              mimeType: 'application/json',
              text: '{"test":"data","value":123}',
            },
          },
          { type: 'resource_link', uri: 'test://static-text', name: 'static-text', mimeType: 'text/plain' },
        ],
      }),
  ),
  fixtureTool('test_error_handling', 'Always fails.', () =>
    Promise.reject(new ToolError('intended', 'This tool intentionally returns an error for testing')),
  ),
  fixtureTool('test_tool_with_logging', 'Sends three log messages.', async (call) => {
    for (const message of ['started', 'processing data', 'completed'])
      call.tellClient('info', `Tool ${message}`);
    return Promise.resolve({ text: 'logged' });
  }),
  fixtureTool('test_logging_tool', 'Sends a log message, if the client wants it.', async (call) => {
    call.tellClient('info', 'a message');
    return Promise.resolve({ text: 'logged' });
  }),
  fixtureTool('test_tool_with_progress', 'Reports its progress.', async (call) => {
    for (const done of [0, 50, 100]) call.progress(done, 100);
    return Promise.resolve({ text: 'done' });
  }),
  fixtureTool(
    'json_schema_2020_12_tool',
    'Has an input schema with definitions, and an output schema.',
    async () => Promise.resolve({ text: '{"ok":true}', structured: { ok: true } }),
    { input: addressed, output: z.object({ ok: z.boolean() }) },
  ),
];
