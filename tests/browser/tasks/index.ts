import type { Case } from '../case.ts';
import { choosing } from './choosing.ts';
import { moving } from './moving.ts';
import { writing } from './writing.ts';

/** Small pages with something to do, done by what a snapshot shows and by nothing else. */
export const tasks: readonly Case[] = [...choosing, ...moving, ...writing];
