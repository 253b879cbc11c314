import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  SdkError,
  SdkErrorCode,
  type InputRequest,
  type ProtocolEra,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { wireAnswer, type ElicitRequest, type WireAnswer } from '../elicit.ts';
import type { Log } from '../log.ts';
import type { Asking, Channel } from '../pipeline/call.ts';

const defaultAnswerMs = 600_000;

/** What one MCP request lets a call do: report progress and ask. */
interface ChannelOptions {
  readonly era: ProtocolEra;
  readonly log: Log;
  openState(state: string, context: ServerContext): Promise<unknown>;
}

/** The channel of the request that `context` belongs to. */
export function channelOf(context: ServerContext, options: ChannelOptions): Channel {
  return {
    progress: (done, total, message) => sendProgress(context, options.log, { done, total, message }),
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

const formCapability = z.object({
  elicitation: z.union([z.object({ form: z.looseObject({}) }), z.strictObject({})]),
});

function replay(context: ServerContext, options: ChannelOptions): Asking {
  const envelope: Readonly<Record<string, unknown>> = { ...context.mcpReq.envelope };
  if (!formCapability.safeParse(envelope[CLIENT_CAPABILITIES_META_KEY]).success) return { kind: 'none' };
  const state = context.mcpReq.requestState();
  return {
    kind: 'replay',
    responses: context.mcpReq.inputResponses ?? {},
    checkQuestion: (request) => void formOf(request),
    openState: async () => (typeof state === 'string' ? options.openState(state, context) : undefined),
  };
}

function direct(context: ServerContext): Asking {
  return { kind: 'direct', ask: (request, signal) => askNow(context, request, signal) };
}

async function askNow(
  context: ServerContext,
  request: ElicitRequest,
  signal: AbortSignal,
): Promise<WireAnswer> {
  const { id, send } = context.mcpReq;
  const { method, params } = formOf(request);
  try {
    return wireAnswer.parse(
      await send(
        { method, params },
        { signal, timeout: request.timeoutMs ?? defaultAnswerMs, relatedRequestId: id },
      ),
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
export function formOf({
  message,
  schema,
}: ElicitRequest): Extract<InputRequest, { method: 'elicitation/create' }> {
  const form = inputRequired.elicit({ message, requestedSchema: schema });
  if (form.method !== 'elicitation/create') throw new TypeError('not an elicitation');
  return form;
}
