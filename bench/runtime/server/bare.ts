#!/usr/bin/env node
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { ECHO, echoed } from './echo.ts';

function createEcho(): McpServer {
  const server = new McpServer({ name: 'bare', version: '0.0.0' });
  const { name, title, description, input } = ECHO;
  server.registerTool(name, { title, description, inputSchema: input }, (given) => ({
    content: [{ type: 'text', text: echoed(given) }],
  }));
  return server;
}

/** The SDK's server with nothing around it, as its documentation starts one. */
if (process.argv.includes('--http')) {
  const handler = toNodeHandler(createMcpHandler(createEcho));
  const http = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request;
    void handler(Object.assign(request, { method, url }), response);
  });
  http.listen(0, '127.0.0.1', () => {
    const address = http.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    process.stdout.write(`http://127.0.0.1:${port}/mcp\n`);
  });
} else {
  serveStdio(createEcho);
}
