import { z } from 'zod';

/** What both servers offer, so that only what is around it differs. */
export const ECHO = {
  name: 'echo',
  title: 'Echo',
  description: 'Gives the text back.',
  input: z.object({ text: z.string().max(1000), times: z.int().min(1).max(9).default(1) }),
} as const;

export const echoed = ({ text, times }: z.output<typeof ECHO.input>): string => text.repeat(times);
