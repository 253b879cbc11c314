import { defineServerCommand, type ServerCommand } from '@deskhand/server-runtime';
import { drillOptions } from './options.ts';

/** Commands for QA. */
export const drillCommands: readonly ServerCommand[] = [
  defineServerCommand({
    name: 'drill',
    about: 'Try every tool on throw-away windows of every sort of application',
    options: drillOptions,
    example: 'drill --private --html drill.html',
    run: async (options, context) => (await import('./drill.ts')).drill(options, context),
  }),
];
