export type {
  Answer,
  Ask,
  CallOptions,
  CallOutcome,
  Gateway,
  GatewayCall,
  GatewayEvent,
  GatewayTool,
  Mode,
  OutcomePart,
  PromptChoice,
  Sample,
  SampleRequest,
  Sampler,
  Question,
  ServerState,
  ServerStatus,
} from './gateway.ts';
export { openGateway } from './open-gateway.ts';
export type { GatewayOptions } from './gateway-options.ts';
export { GatewayError, type GatewayErrorCode } from './gateway-error.ts';
export { CALL_MS, readServers, STARTUP_MS, type GatewayServer } from './servers/server-config.ts';
export { login, logout, type LoginOptions } from './oauth/login.ts';
export type { ServerPrompt } from './servers/prompts.ts';
export type { SessionFolders } from './servers/session-roots.ts';
export { lastSeen, type Seen } from './servers/seen-server.ts';
export type { Environment } from './servers/expand.ts';
export type { HookedCall, Hooks } from './policy/hooks.ts';
