import type { z } from 'zod';
import type { ContentBlock, Icon } from './content.ts';
import type { Suggest } from './resource.ts';
import type { CallContext } from './tool.ts';

/** One message of a prompt. */
export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlock;
}

/** A text that the person can pick to start something. */
export interface Prompt<A extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly icons?: readonly Icon[];
  /** Strings only. */
  readonly arguments: A;
  /** Suggestions for the arguments. */
  readonly suggest?: Readonly<Record<string, Suggest>>;
  get(args: z.output<A>, call: CallContext): Promise<readonly PromptMessage[]>;
}

/** Gives the prompt back with `get` typed by its `arguments`. */
export function definePrompt<A extends z.ZodObject>(prompt: Prompt<A>): Prompt<A> {
  return prompt;
}
