import { ToolError } from '@deskhand/server-runtime';
import { z } from 'zod';

const cookie = z.object({
  name: z.string(),
  value: z.string(),
  domain: z.string(),
  path: z.string().default('/'),
  /** Seconds since 1970; -1 for as long as the browser runs. */
  expires: z.number().default(-1),
  httpOnly: z.boolean().default(false),
  secure: z.boolean().default(false),
  sameSite: z.enum(['Strict', 'Lax', 'None']).optional(),
});

const state = z.object({
  cookies: z.array(cookie).max(10_000).default([]),
  origins: z
    .array(
      z.object({
        origin: z.url({ protocol: /^https?$/ }),
        localStorage: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
      }),
    )
    .max(1_000)
    .default([]),
});

/** Cookies and local storage, in the form that Playwright calls storage state. */
export type StorageState = z.output<typeof state>;

/** @throws ToolError when the text is none */
export function readState(text: string): StorageState {
  const parsed = state.safeParse(jsonIn(text));
  if (parsed.success) return parsed.data;
  throw new ToolError(
    'invalid_state',
    `The file is no storage state: ${z.prettifyError(parsed.error).slice(0, 500)}`,
    {
      hint: 'It has {"cookies": […], "origins": […]}, as storage_state and Playwright write it.',
    },
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // which is no state either
  }
}
