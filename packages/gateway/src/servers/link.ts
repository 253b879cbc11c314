/* eslint-disable @typescript-eslint/no-deprecated -- servers ask so in all protocols of today */
import type {
  CallToolResult,
  CreateMessageRequestParams,
  CreateMessageResult,
  ElicitRequestParams,
  ElicitResult,
  PriorDiscovery,
  Tool,
} from '@modelcontextprotocol/client';
import type { LoginFile } from '../oauth/login-file.ts';
import type { HostProcessStart } from '../process/host-process.ts';
import type { SandboxedStart } from '../process/sandboxed-process.ts';
import type { StdioOptions } from '../process/stdio-transport.ts';
import type { Prompts } from './prompts.ts';
import type { Resources } from './resources.ts';
import type { Root } from './session-roots.ts';
import type { GatewayServer } from './server-config.ts';

/** One life of a server: a connection, and the tools that it listed. */
export interface Link {
  readonly tools: readonly Tool[];
  /** What to connect with the next time, to spare the question which protocol it is. */
  readonly verdict: PriorDiscovery;
  /** Resolves with the reason when it is over. */
  readonly over: Promise<string>;
  readonly isOver: boolean;
  readonly resources: Resources;
  readonly prompts: Prompts;
  call(tool: Tool, args: Readonly<Record<string, unknown>>, options: LinkCall): Promise<CallToolResult>;
  read(uri: string, options: LinkCall): Promise<CallToolResult>;
  prompt(name: string, args: Readonly<Record<string, string>>, options: LinkCall): Promise<CallToolResult>;
  /** @throws when there is no answer in time */
  ping(timeoutMs: number): Promise<void>;
  /** The folders of the session are others now. */
  tellRoots(): void;
  /** Ends it at once, with all that the server started in its process group. */
  kill(reason: string): void;
  close(): Promise<void>;
}

/** Answers what the server asks during a call. */
export interface Asked {
  elicit(params: ElicitRequestParams, signal: AbortSignal): Promise<ElicitResult>;
  /** Of a server that may ask the model. */
  sample(params: CreateMessageRequestParams, signal: AbortSignal): Promise<CreateMessageResult>;
}

export interface LinkCall {
  readonly signal: AbortSignal;
  readonly asked: Asked;
  readonly progress?: (text: string) => void;
}

export interface LinkOptions {
  readonly server: GatewayServer;
  readonly stdio: Pick<StdioOptions, 'onError'> & Pick<HostProcessStart, 'env' | 'onStart'>;
  /** Of a server over HTTP. */
  readonly login?: LoginFile;
  readonly verdict: PriorDiscovery | undefined;
  /** Of a server that may see the folders of the session. */
  readonly roots?: () => readonly Root[];
  /** The server may ask the model. */
  readonly maySample: boolean;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  readonly onTools: (tools: readonly Tool[]) => void;
  readonly onSandbox: SandboxedStart['onSandbox'];
  /** It offers other prompts than before. */
  readonly onPrompts: () => void;
  /** What a person was asked to open was finished there. */
  readonly onElicited: () => void;
  /** One that was read has changed. */
  readonly onResource: (uri: string) => void;
}
