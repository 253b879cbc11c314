import { z } from 'zod';

/** The options of `drill`. */
export const drillOptions = z.object({
  display: z
    .string()
    .optional()
    .meta({ description: 'X display to use instead of DISPLAY', placeholder: 'NAME' }),
  backend: z.enum(['x11', 'sway']).optional().meta({
    description: 'The sort of desktop to try. The surroundings decide unless told',
  }),
  private: z.boolean().default(false).meta({
    description: 'On a desktop of its own that nobody sees; so too when there is none',
  }),
  yes: z.boolean().default(false).meta({ description: 'Also where windows of a person are open' }),
  only: z
    .array(z.string().min(1))
    .optional()
    .meta({ description: 'Try only these tools, separated by commas', placeholder: 'NAMES' }),
  json: z.boolean().default(false).meta({ description: 'Print JSON' }),
  junit: z.string().optional().meta({ description: 'Write JUnit XML for a CI server', placeholder: 'FILE' }),
  html: z
    .string()
    .optional()
    .meta({ description: 'Write a page with tables and pictures', placeholder: 'FILE' }),
});

export type DrillOptions = z.output<typeof drillOptions>;
