import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import type { ModelAccess } from './job/job.ts';

export interface DemoOptions {
  /** The person's display; without one the demo starts an X server of its own. */
  readonly display: string | undefined;
  readonly model: ModelAccess;
  /** Folder of the report. */
  readonly report: string;
}

export type Command =
  | { readonly action: 'run'; readonly options: DemoOptions }
  | { readonly action: 'help' }
  | { readonly action: 'refuse'; readonly problem: string };

type Environment = Readonly<Record<string, string | undefined>>;

export const HELP = `Usage: npm run demo -- [options]

First a job over all three servers: three invoices in a folder, prices in a web shop, totals in a
sheet that is open in an editor. The agent is refused by the browser's and the terminal's tier and
takes another way. Then the same job, and the host is killed in the middle and goes on. Then what
an agent may do to real applications, and what it is refused. All on desktops of its own, through
MCP; a script answers for the person. What happened is checked by what was saved. About a minute.

Without a key the words of the model are recorded: they are played back through the real SDK, and
everything else is real. With ANTHROPIC_API_KEY the first job is done by a model of today.

Options:
  --display NAME  Use this display instead of a new one. The demo opens its own windows there and
                  closes them; leave mouse and keyboard alone meanwhile. Needs a window manager,
                  1280 x 800 pixels, and none of the four applications open there: the agent could
                  see and use your windows of them too. The report leaves out the pictures of the
                  whole screen.
  --model NAME    Model for the first job, with ANTHROPIC_API_KEY (default claude-opus-5-5)
  --report DIR    Where to write index.html (default demo-report)
  -h, --help      Print this help

Ends with 0 when every expectation held, 1 when one did not, 2 for wrong options, 130 after
Ctrl-C.
`;

/** Reads the command line. */
export function readOptions(argv: readonly string[], env: Environment): Command {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        display: { type: 'string' },
        report: { type: 'string', default: 'demo-report' },
        model: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { action: 'help' };
    const apiKey = env['ANTHROPIC_API_KEY'] || null;
    if (apiKey === null && values.model !== undefined)
      return { action: 'refuse', problem: '--model needs a key. Set ANTHROPIC_API_KEY, or leave it out.' };
    const model = { apiKey, name: values.model ?? 'claude-opus-5-5' };
    return {
      action: 'run',
      options: { display: values.display, report: resolve(values.report), model },
    };
  } catch (error) {
    return { action: 'refuse', problem: error instanceof Error ? error.message : String(error) };
  }
}
