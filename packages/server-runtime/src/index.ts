export { defineTool } from './tool.ts';
export type { CallContext, ClientLogLevel, Tool, ToolAnnotations, ToolImage, ToolResult } from './tool.ts';
export type { Bytes, ContentBlock, Icon, ResourceContents, ResourceLink } from './content.ts';
export type { ElicitAnswer, ElicitRequest } from './elicit.ts';
export type {
  ClientCapability,
  RootsAnswer,
  RootsRequest,
  SampleAnswer,
  SampleRequest,
  Unavailable,
} from './client-request.ts';
export { alsoStoppedBy, inTime } from '@deskhand/grants';
export { MessageLines } from './process/message-lines.ts';
export { Recent } from './recent.ts';
export { Live } from './live.ts';
export type { MaybeLive } from './live.ts';
export { definePrompt } from './prompt.ts';
export type { Prompt, PromptMessage } from './prompt.ts';
export type { Resource, ResourceTemplate, Suggest } from './resource.ts';
export { markedLine, safeLine, safeLines } from './untrusted/safe-text.ts';
export { fenced, fencedText, quoted, untrustedAnswer } from './untrusted/untrusted-text.ts';
export { ANSWER_MS, askPerson } from './asking.ts';
export type { Asking } from './asking.ts';
export { ToolError } from './tool-error.ts';
export type { ToolErrorOptions } from './tool-error.ts';
export { runtimeErrorCodes } from './error-codes.ts';
export type { ErrorCodes } from './error-codes.ts';

export { Sessions } from './sessions.ts';
export type { SessionRequest, SessionsOptions } from './sessions.ts';
export { createServer } from './mcp/create-server.ts';
export type { Connection, DeskhandServer, ServerOptions } from './mcp/create-server.ts';
export type { AuditRow, AuditSink, CallDecision } from './pipeline/audit.ts';
export type { Complete } from './pipeline/complete-answers.ts';
export type { LimitOptions } from './pipeline/limits.ts';
export type { Permission, PermissionDecision, PermissionRequest } from './pipeline/permission.ts';
export { openLedgerSink } from './ledger-sink.ts';
export type { LedgerSink, LedgerSinkOptions } from './ledger-sink.ts';
export type {
  DoctorCheck,
  House,
  ServerDefinition,
  SessionAbout,
  SessionParts,
  Surface,
} from './server-definition.ts';
export { openServer } from './open-server.ts';
export type { OpenServerOptions } from './open-server.ts';
export { selectTools } from './select-tools.ts';
export type { ToolSelection } from './select-tools.ts';

export { runBin } from './cli/run-bin.ts';
export type { BinHost } from './cli/host.ts';
export { defineServerCommand } from './cli/server-command.ts';
export type { ServerCommand, ServerCommandContext } from './cli/server-command.ts';
export { CliError } from './cli/cli-error.ts';
export { Wire } from './cli/wire.ts';
export { spawnOwned } from './process/spawn-owned.ts';
export type { OwnedOptions, OwnedProcess } from './process/spawn-owned.ts';
export { serve } from './process/serve.ts';
export type { ServeHost, ServeOptions } from './process/serve.ts';
export { createLog, logLevels } from './log.ts';
export type { Log, LogFields, LogLevel, LogOptions } from './log.ts';

export { configJsonSchema, defineConfig, standardOptions } from './config/define-config.ts';
export type { Config, ConfigAbout } from './config/define-config.ts';
export { parseConfig } from './config/parse-config.ts';
export type { ConfigSources, ParsedConfig } from './config/parse-config.ts';
export { ConfigError } from './config/config-error.ts';
export type { Option } from './config/option.ts';

export { errorReference, optionReference, toolReference } from './reference/markdown.ts';
export type { Reference } from './reference/markdown.ts';
export { signature } from './reference/signature.ts';
export { updateMarkedSections } from './reference/marked-sections.ts';

export { connectToDaemon } from './daemon/connection.ts';
export { daemonPlace } from './daemon/place.ts';
export { runDaemonBin } from './cli/run-bin.ts';
export { openDoor } from './http/open-door.ts';
export type { Behind, DoorSettings } from './http/open-door.ts';
export type { Routes } from './http/routes.ts';
export { Refusal } from './http/refusal.ts';
export { readJson } from './http/read-json.ts';
export type { Traffic } from './http/traffic.ts';
export { serveHttp } from './http/serve-http.ts';
export type { HttpOptions } from './http/serve-http.ts';
export type { HttpService } from './http/http-service.ts';
export type { HttpLimits } from './http/limits.ts';
export { openTokenStore } from './http/token-store.ts';
export type { TokenRequest, TokenStore, TokenStoreOptions } from './http/token-store.ts';
export type { Caller, TokenRecord } from './http/token-record.ts';
export { parseDuration } from './http/duration.ts';
