import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ClientCapability } from '../client-request.ts';
import type { ClientAbout } from '../pipeline/call.ts';

/** A client as it introduces itself. */
export interface Client {
  readonly about: ClientAbout;
  can(capability: ClientCapability): boolean;
}

const identity = z.object({ name: z.string(), version: z.string() }).optional().catch(undefined);
const revision = z.string().optional().catch(undefined);

/** The client of a request: in 2026-07-28 each request says it, in 2025 only `initialize` did. */
export function clientOf({ server }: McpServer, { mcpReq }: ServerContext): Client {
  const own: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
  /* eslint-disable @typescript-eslint/no-deprecated -- the 2025 protocols have it nowhere else */
  const info = identity.parse(own[CLIENT_INFO_META_KEY]) ?? server.getClientVersion();
  const capabilities = own[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  const protocol = revision.parse(own[PROTOCOL_VERSION_META_KEY]) ?? server.getNegotiatedProtocolVersion();
  /* eslint-enable @typescript-eslint/no-deprecated */
  return {
    about: {
      name: info?.name ?? '(unnamed)',
      version: info?.version ?? '(none)',
      protocol: protocol ?? '(none)',
    },
    can: (capability) => declares[capability].safeParse(capabilities).success,
  };
}

const declares = {
  elicitation: z.looseObject({
    elicitation: z.union([z.looseObject({ form: z.looseObject({}) }), z.strictObject({})]),
  }),
  sampling: z.looseObject({ sampling: z.looseObject({}) }),
  roots: z.looseObject({ roots: z.looseObject({}) }),
} as const satisfies Record<ClientCapability, z.ZodType>;
