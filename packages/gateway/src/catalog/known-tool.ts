import type { Tool } from '@modelcontextprotocol/client';
import type { SupervisedServer } from '../servers/supervised-server.ts';

/** A tool of a server, as the gateway knows it now. */
export interface KnownTool {
  /** What the model calls it. */
  readonly name: string;
  readonly server: SupervisedServer;
  readonly tool: Tool;
  /** Its definition is not the one that was agreed to. */
  readonly isSuspended: boolean;
  /** What a call of it is for the server. */
  readonly kind: 'tool' | 'list_resources' | 'read_resource' | 'get_prompt' | 'sample';
}

/** By what its server says; of a server of others it is a claim. */
export const isReadOnly = ({ tool, isSuspended }: KnownTool): boolean =>
  !isSuspended && tool.annotations?.readOnlyHint === true;
