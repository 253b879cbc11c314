import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** The person's display; without one the demo starts an X server of its own. */
  readonly display: string | undefined;
  /** Folder of the report. */
  readonly report: string;
}

export type Command =
  | { readonly action: 'run'; readonly options: DemoOptions }
  | { readonly action: 'help' }
  | { readonly action: 'refuse'; readonly problem: string };

export const HELP = `Usage: npm run demo -- [options]

Shows what an agent may do to real applications, and what it is refused: mousepad, galculator,
xterm and Chromium on a desktop of their own, driven through MCP. A scripted person in the demo
answers the questions. What happened is checked by what the applications saved. Takes about ten
seconds.

Options:
  --display NAME  Use this display instead of a new one. The demo opens its own windows there and
                  closes them; leave mouse and keyboard alone meanwhile. Needs a window manager,
                  1280 x 800 pixels, and none of the four applications open there: the agent could
                  see and use your windows of them too. The report leaves out the pictures of the
                  whole screen.
  --report DIR    Where to write index.html (default demo-report)
  -h, --help      Print this help

Ends with 0 when every expectation held, 1 when one did not, 2 for wrong options, 130 after
Ctrl-C.
`;

/** Reads the command line. */
export function readOptions(argv: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        display: { type: 'string' },
        report: { type: 'string', default: 'demo-report' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { action: 'help' };
    return { action: 'run', options: { display: values.display, report: resolve(values.report) } };
  } catch (error) {
    return { action: 'refuse', problem: error instanceof Error ? error.message : String(error) };
  }
}
