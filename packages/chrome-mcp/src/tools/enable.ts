import { defineTool, signature, ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { groupNames, groups } from '../groups/index.ts';
import type { OpenGroups } from '../groups/open-groups.ts';

const OFFERED = groups.map(({ name, about }) => `${name} (${about})`).join(', ');

/** Switches groups of tools on and off, and runs their tools for clients that list tools only once. */
export const enable = (open: OpenGroups): Tool =>
  defineTool({
    name: 'enable',
    title: 'Enable tools',
    description: `Switches on more tools for this session: ${OFFERED}.`,
    input: z.object({
      groups: z.array(z.enum(groupNames)).default([]),
      off: z.boolean().optional().describe('Off again'),
      call: z.string().optional().describe('Runs a tool of a group, if your list does not show it'),
      with: z.record(z.string(), z.unknown()).optional().describe('Its arguments'),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    // what it switches on is offered under the same rules as everything else
    always: true,
    run: async ({ groups: names, off = false, call: tool, with: input = {} }, call) => {
      if (off) open.switchOff(names);
      else open.switchOn(names);
      if (tool !== undefined) return ofGroup(open, tool) ? call.step(tool, input) : refused(open, tool);
      return { text: off ? stillOn(open) : switchedOn(open, names), structured: { on: open.on } };
    },
  });

const ofGroup = (open: OpenGroups, tool: string): boolean =>
  open.tools.value.some(({ name }) => name === tool);

function refused(open: OpenGroups, tool: string): never {
  const known = open.tools.value.map(({ name }) => name).join(', ');
  const home = groups.find(({ offers }) => offers.includes(tool))?.name;
  throw new ToolError(
    'unknown_tool',
    `No group that is on has a tool ${JSON.stringify(tool.slice(0, 100))}`,
    {
      hint:
        home !== undefined
          ? `Give its group too: {"groups": ["${home}"]}.`
          : known === ''
            ? 'Name its group in groups.'
            : `Of groups that are on: ${known}.`,
    },
  );
}

const stillOn = (open: OpenGroups): string =>
  open.on.length === 0 ? 'No group is on.' : `On: ${open.on.join(', ')}.`;

function switchedOn(open: OpenGroups, names: readonly string[]): string {
  const told = names.flatMap((name) => [
    `On: ${name}.`,
    ...open.toolsOf(name).map((tool) => `- ${signature(tool)} ${tool.description}`),
  ]);
  if (told.length === 0) return stillOn(open);
  return [
    ...told,
    'If your list of tools does not show them: enable {"call": NAME, "with": {…}} runs one.',
  ].join('\n');
}
