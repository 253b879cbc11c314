import {
  inputRequired,
  SdkError,
  SdkErrorCode,
  type InputRequest,
  type ProtocolEra,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Question } from '../client-request.ts';
import type { Log } from '../log.ts';
import type { Asking, Channel } from '../pipeline/call.ts';
import type { Client } from './client.ts';

const defaultAnswerMs = 600_000;

/** What one MCP request lets a call do: report progress and ask. */
interface ChannelOptions {
  readonly era: ProtocolEra;
  readonly client: Client;
  readonly log: Log;
  openState(state: string, context: ServerContext): Promise<unknown>;
}

/** The channel of the request that `context` belongs to. */
export function channelOf(context: ServerContext, options: ChannelOptions): Channel {
  const { client, log } = options;
  return {
    progress: (done, total, message) => sendProgress(context, log, { done, total, message }),
    tellClient: (level, message) => {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- still part of both protocols
      context.mcpReq.log(level, message).catch((err: unknown) => {
        log.debug('a message was not sent', { err });
      });
    },
    can: (capability) => client.can(capability),
    asking: options.era === 'modern' ? replay(context, options) : direct(context),
  };
}

function sendProgress(
  { mcpReq }: ServerContext,
  log: Log,
  { done, total, message }: { done: number; total: number | undefined; message: string | undefined },
): void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined || mcpReq.signal.aborted) return;
  const params = {
    progressToken,
    progress: done,
    ...(total !== undefined && { total }),
    ...(message !== undefined && { message }),
  };
  mcpReq.notify({ method: 'notifications/progress', params }).catch((err: unknown) => {
    log.debug('progress was not sent', { err });
  });
}

function replay(context: ServerContext, options: ChannelOptions): Asking {
  const state = context.mcpReq.requestState();
  return {
    kind: 'replay',
    responses: context.mcpReq.inputResponses ?? {},
    checkQuestion: (question) => void questionToMcp(question),
    openState: async () => (typeof state === 'string' ? options.openState(state, context) : undefined),
  };
}

function direct(context: ServerContext): Asking {
  return { kind: 'direct', ask: (question, signal) => askNow(context, question, signal) };
}

async function askNow(context: ServerContext, question: Question, signal: AbortSignal): Promise<unknown> {
  const { id, send } = context.mcpReq;
  const { method, params } = questionToMcp(question);
  try {
    return await send(
      { method, ...(params && { params }) },
      { signal, timeout: question.timeoutMs ?? defaultAnswerMs, relatedRequestId: id },
    );
  } catch (error) {
    signal.throwIfAborted();
    return { action: 'unavailable', reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): 'no_capability' | 'no_answer' | 'client_failed' {
  if (!(error instanceof SdkError)) return 'client_failed';
  if (error.code === SdkErrorCode.CapabilityNotSupported) return 'no_capability';
  return error.code === SdkErrorCode.RequestTimeout ? 'no_answer' : 'client_failed';
}

/** The question as the wire has it; throws on a schema that is not flat. */
export function questionToMcp(question: Question): InputRequest {
  switch (question.kind) {
    case 'elicit':
      return inputRequired.elicit({ message: question.message, requestedSchema: question.schema });
    case 'sample': {
      const { messages, maxTokens, systemPrompt } = question;
      return inputRequired.createMessage({
        messages: messages.map(({ role, text }) => ({ role, content: { type: 'text', text } })),
        maxTokens,
        ...(systemPrompt !== undefined && { systemPrompt }),
      });
    }
    case 'roots':
      return inputRequired.listRoots();
  }
}
