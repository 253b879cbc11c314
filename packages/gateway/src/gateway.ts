import type { ServerPrompt } from './servers/prompts.ts';

/** The MCP servers of one session, behind one policy. */
export interface Gateway {
  /** What a model is shown, sorted by name; the same list until the gateway is closed. */
  tools(): readonly GatewayTool[];
  /**
   * Calls a tool through the policy. Refusals and failures are outcomes that a model can read.
   *
   * @throws the reason of an aborted signal, and nothing else
   */
  call(call: GatewayCall, options: CallOptions): Promise<CallOutcome>;
  /** What servers offer as tasks, once each came to something, for a person to choose from; no model is told of them. */
  prompts(options: PromptsOptions): Promise<readonly ServerPrompt[]>;
  /** The text of a prompt that the person chose, fenced as words of others; takes the steps of a call. */
  prompt(choice: PromptChoice, options: CallOptions): Promise<CallOutcome>;
  servers(): readonly ServerStatus[];
  /** Definitions that changed before are told at once. Returns what stops the listening. */
  listen(hear: (event: GatewayEvent) => void): () => void;
  close(): Promise<void>;
}

export interface GatewayTool {
  /** 1 to 64 of letters, digits, `_` and `-`: `server__tool`. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Has no effects by what its server says; such calls of one turn may run side by side. */
  readonly isReadOnly: boolean;
  /** Calls other tools, for models that cannot be shown a tool in the middle of a conversation. */
  readonly standsIn?: true;
}

export interface GatewayCall {
  /** Of the call, unique in a session. */
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface PromptsOptions {
  readonly signal: AbortSignal;
  /** Hears of a server that offers prompts and does not list them, and why. */
  readonly onFailed: (server: string, why: string) => void;
}

/** By a person. */
export interface PromptChoice {
  readonly id: string;
  readonly server: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** What the person answered to the question that parked this call before. */
  readonly answer?: Answer;
  /** The id of that question; without it, the first that fits. */
  readonly answered?: string;
  readonly progress?: (text: string) => void;
}

export type CallOutcome =
  | {
      readonly kind: 'done';
      readonly content: readonly OutcomePart[];
      readonly isError: boolean;
      readonly decision: 'allowed' | 'denied';
      /** Of a refusal or failure, such as `tier_too_low`. */
      readonly code: string | null;
      readonly tier: string | null;
      readonly ms: number;
    }
  /** Nobody could be asked now: nothing was done. The same call with `answer` goes on. */
  | { readonly kind: 'parked'; readonly question: Question };

export type OutcomePart =
  | {
      readonly type: 'text';
      readonly text: string;
      /** What these words tell of: a tool that can be called from now on, by its name. */
      readonly tool?: GatewayTool;
    }
  | {
      readonly type: 'picture';
      readonly mimeType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
      /** Base64. */
      readonly data: string;
    };

/** For a person: what the agent wants to do, exactly. */
export interface Question {
  readonly id: string;
  readonly server: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Why it asks, in a sentence. */
  readonly reason: string;
  /** A server that asks by itself: its words, and the form that it wants to be filled in. */
  readonly form: { readonly message: string; readonly schema: Readonly<Record<string, unknown>> } | null;
  /** A server wants the person to open a page, by themselves; they answer when they have. */
  readonly page?: { readonly message: string; readonly url: string; readonly host: string };
  /** The call is under way; where the answer comes to another process, it is made again from its beginning. */
  readonly isBegun?: true;
}

export type Answer =
  | { readonly kind: 'allow'; readonly scope: 'once' | 'session' | 'always' }
  | { readonly kind: 'deny'; readonly reason?: string }
  | { readonly kind: 'filled'; readonly content: Readonly<Record<string, string | number | boolean>> };

/** Answers a question, or says that nobody is there. */
export type Ask = (
  question: Question,
  options: { readonly signal: AbortSignal },
) => Promise<Answer | { readonly kind: 'nobody' }>;

/** What a server asks the model: its own words, no tools, nothing of the session. */
export interface SampleRequest {
  readonly server: string;
  readonly system: string;
  readonly messages: readonly SampledMessage[];
  readonly maxTokens: number;
}

export interface SampledMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly OutcomePart[];
}

export type Sample =
  | { readonly kind: 'answered'; readonly text: string; readonly model: string; readonly isCut: boolean }
  /** There is no money for it, or the model cannot be reached. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** Asks the model, and pays for it. */
export type Sampler = (request: SampleRequest, options: { readonly signal: AbortSignal }) => Promise<Sample>;

export type ServerState = 'starting' | 'ready' | 'degraded' | 'needs-auth' | 'stopped';

export interface ServerStatus {
  readonly name: string;
  readonly state: ServerState;
  /** When it came into this state, in ISO 8601. */
  readonly since: string;
  /** Grows with each start. */
  readonly generation: number;
  /** How many are known: those that it listed last, maybe to a session before. */
  readonly tools: number;
  /** Why it is not ready, and what to do. */
  readonly problem: string | null;
  /** When it is started again, in words, while there is a session; null when it is not, or not known to be needed. */
  readonly retry: string | null;
  /** What of its sandbox does not hold; null of a server that was started in none. */
  readonly weaknesses: readonly string[] | null;
}

export type GatewayEvent =
  | { readonly kind: 'server'; readonly status: ServerStatus }
  /** A server listed others than before, by the names that they are called by; the list of the session stays. */
  | {
      readonly kind: 'tools';
      readonly server: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  /** It offers other prompts than before. */
  | { readonly kind: 'prompts'; readonly server: string }
  /** What a person was asked to open was finished there, as the server says. */
  | { readonly kind: 'elicited'; readonly server: string }
  /** A resource that was read is another now. */
  | { readonly kind: 'resource'; readonly server: string; readonly uri: string }
  /** A definition that is not as it was agreed to: the tool is refused until a person agrees. */
  | { readonly kind: 'changed'; readonly server: string; readonly tools: readonly string[] };

/** `plan` has no effects; `bypass` asks for nothing, inside a sandbox only. */
export type Mode = 'ask' | 'accept-edits' | 'plan' | 'bypass';
