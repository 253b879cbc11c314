import { z } from 'zod';
import { PLAN_TOOL } from '../log/reduce.ts';
import type { OwnTool } from '../loop/own-tool.ts';
import type { Memory } from './memory.ts';

const file = z.string().meta({ description: 'Such as MEMORY.md, the index, or prices.md' });

interface Parts<T extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly input: T;
  readonly isReadOnly?: boolean;
  readonly run: (input: z.infer<T>) => string;
}

/** What every session has, besides the tools of its servers. */
export const ownTools = (memory: Memory): readonly OwnTool[] => [
  ownTool({
    name: PLAN_TOOL,
    description: 'Keeps the plan of a longer task, and the files made so far. Replaces the plan before.',
    input: z.object({ steps: z.array(z.string()), files: z.array(z.string()).optional() }),
    run: ({ steps }) => `Kept, ${steps.length} steps.`,
  }),
  ownTool({
    name: 'deskhand__recall',
    description: 'Reads a file of the memory of this project.',
    input: z.object({ file }),
    isReadOnly: true,
    run: (input) => memory.read(input.file),
  }),
  ownTool({
    name: 'deskhand__remember',
    description:
      'Replaces a file of the memory of this project. MEMORY.md is its index, which later sessions begin with.',
    input: z.object({ file, text: z.string() }),
    run: (input) => {
      memory.write(input.file, input.text);
      return 'Kept.';
    },
  }),
];

function ownTool<T extends z.ZodObject>({
  name,
  description,
  input,
  isReadOnly = false,
  run,
}: Parts<T>): OwnTool {
  return {
    ...{ name, description, isReadOnly },
    inputSchema: { ...z.toJSONSchema(input), $schema: undefined },
    run: async (given) => {
      const parsed = input.safeParse(given);
      if (!parsed.success) throw new Error(`Not done: ${z.prettifyError(parsed.error)}`);
      return await Promise.resolve(run(parsed.data));
    },
  };
}
