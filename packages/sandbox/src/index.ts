export type { Access } from './broker.ts';
export { checkSandbox, type SandboxCheck } from './check.ts';
export type { SandboxEnd } from './confined.ts';
export type { Lack } from './diagnosis.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export type { Shown } from './profile.ts';
export { SandboxError, type SandboxErrorCode } from './sandbox-error.ts';
export { Sandbox, type Mount, type SandboxOptions } from './sandbox.ts';
export type { User } from './user.ts';
