export { defineTool } from './tool.ts';
export type { CallContext, Tool, ToolAnnotations, ToolImage, ToolResult } from './tool.ts';
export type { ElicitAnswer, ElicitRequest } from './elicit.ts';
export { ToolError } from './tool-error.ts';
export type { ToolErrorOptions } from './tool-error.ts';
export { runtimeErrorCodes } from './error-codes.ts';
export type { ErrorCodes } from './error-codes.ts';

export { createServer } from './mcp/create-server.ts';
export type { Connection, DeskhandServer, ServerOptions } from './mcp/create-server.ts';
export type { AuditRow, AuditSink, CallDecision } from './pipeline/audit.ts';
export type { Complete } from './pipeline/complete-answers.ts';
export type { Permission, PermissionDecision, PermissionRequest } from './pipeline/permission.ts';
export { openLedgerSink } from './ledger-sink.ts';
export type { LedgerSink, LedgerSinkOptions } from './ledger-sink.ts';
export { selectTools } from './select-tools.ts';
export type { ToolSelection } from './select-tools.ts';

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
export { updateMarkedSections } from './reference/marked-sections.ts';
