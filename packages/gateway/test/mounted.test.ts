import { expect, test } from 'vitest';
import { readServers } from '../src/servers/server-config.ts';
import { tellMounted, type SessionFolders } from '../src/servers/session-roots.ts';

test('what a server of this project says that it mounted is heard, and what others say is not', () => {
  const heard: string[] = [];
  const folders: SessionFolders = {
    list: () => [],
    listen: () => () => undefined,
    mounted: (path) => void heard.push(path),
  };
  const [other] = readServers({ mcpServers: { other: { command: 'other', roots: true } } }, { env: {} });
  if (other === undefined) throw new Error('there is one');
  const said = (folder: unknown) => ({ content: [], structuredContent: { folder } });
  tellMounted(other, said('/home/of-other'), folders);
  const own = { ...other, isOwn: true };
  tellMounted(own, said('/home/own'), folders);
  tellMounted(own, said(7), folders);
  tellMounted(own, { content: [] }, folders);
  tellMounted(own, { ...said('/home/refused'), isError: true }, folders);
  expect(heard).toEqual(['/home/own']);
});
