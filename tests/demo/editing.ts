import { readFile } from 'node:fs/promises';

import type { Stage } from './stage.ts';
import type { Finding } from './story.ts';
import { savedExactly } from './witnesses.ts';

/** What is in the file of the note now. */
export const noteOf = ({ mousepad }: Stage): Promise<string> => readFile(mousepad.file, 'utf8');

/** The agent appends `text` to the note in mousepad and saves it; gives what the file then has. */
export async function appendToNote(stage: Stage, text: string): Promise<Finding> {
  const { agent, mousepad } = stage;
  const before = await noteOf(stage);
  await agent.does('open_application', { app: 'mousepad' });
  await agent.does('type', { text });
  await agent.does('key', { text: 'ctrl+s' });
  return savedExactly(mousepad, before + text);
}
