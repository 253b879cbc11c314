import { eventually } from '../lab/eventually.ts';
import type { TreeNode } from '../lab/program-tree.ts';
import type { ToolClient } from '../lab/tool-client.ts';

/** Numbers of `AtspiRole`. */
const FRAME = 23;
export const LABEL = 29;
export const BUTTON = 43;

/** Where a fixture's window stands, and its frame says that it is. */
export const PLACE = { x: 700, y: 100, width: 400, height: 300 };

export const frameOf = (children: TreeNode[], more: Partial<TreeNode> = {}): TreeNode => ({
  ...{ role: FRAME, name: 'fixture', rect: [PLACE.x, PLACE.y, PLACE.width, PLACE.height], children },
  ...more,
});

/** The elements of a window, once its program tells about it. */
export function treeOf(server: ToolClient, window: number): Promise<string> {
  return eventually('the elements of a window', async () => {
    const answer = await server.call('get_ui_tree', { window });
    return answer.isError ? undefined : answer.text;
  });
}

/** The reference in front of the first line that has the words. */
export function refOf(tree: string, words: string): string {
  const line = tree.split('\n').find((candidate) => candidate.includes(words));
  const ref = /^\s*(e\d+) /.exec(line ?? '')?.[1];
  if (ref === undefined) throw new Error(`nothing has ${words} in\n${tree}`);
  return ref;
}
