import type { Group } from '../group.ts';
import { OfferedTools } from './offered-tools.ts';
import { pageToolCall } from './page-tool-call.ts';
import { pageTools } from './page-tools.ts';

export const pageToolsGroup: Group = {
  name: 'page-tools',
  about: 'tools that pages offer (WebMCP)',
  offers: ['page_tools', 'page_tool_call'],
  open: (session) => {
    const offered = new OfferedTools();
    const stop = session.attached.follow((tab) => offered.follow(tab));
    return { tools: [pageTools(session, offered), pageToolCall(session, offered)], close: stop };
  },
};
