import { accessibilityGroup } from './accessibility/group.ts';
import { consoleGroup } from './console/group.ts';
import { emulationGroup } from './emulation/group.ts';
import { filesGroup } from './files/group.ts';
import { extensionsGroup } from './extensions/group.ts';
import type { Group } from './group.ts';
import { memoryGroup } from './memory/group.ts';
import { networkGroup } from './network/group.ts';
import { pageToolsGroup } from './page-tools/group.ts';
import { performanceGroup } from './performance/group.ts';
import { recordingGroup } from './recording/group.ts';
import { storageGroup } from './storage/group.ts';

/** All there are, in the order in which they are offered. */
export const groups: readonly Group[] = [
  networkGroup,
  consoleGroup,
  storageGroup,
  emulationGroup,
  filesGroup,
  accessibilityGroup,
  performanceGroup,
  memoryGroup,
  recordingGroup,
  pageToolsGroup,
  extensionsGroup,
];

/** What brings a tool of a group, in a sentence; undefined for a name that none has. */
export function absentTool(tool: string): string | undefined {
  const group = groups.find(({ offers }) => offers.includes(tool))?.name;
  if (group === undefined) return undefined;
  return `It is a tool of the group ${group}: enable {"groups": ["${group}"]} switches it on, or --enable ${group} at the start.`;
}

export const groupNames: readonly string[] = groups.map(({ name }) => name);
