import { consoleGroup } from './console/group.ts';
import type { Group } from './group.ts';

/** All there are, in the order in which they are offered. */
export const groups: readonly Group[] = [consoleGroup];

export const groupNames: readonly string[] = groups.map(({ name }) => name);
