// Speaks as the process of a session does; what it does with it stands in the task, or in what is said when it goes on.
import { createInterface } from 'node:readline';
import { z } from 'zod';

const way = z.enum(['work', 'rest', 'fail', 'garble']);
const order = z.object({
  do: z.string(),
  n: z.number(),
  session: z.object({ task: way }).optional(),
  with: z.object({ text: way.optional() }).optional(),
});

/** @param {object} said */
const tell = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

const WAYS = {
  work: () => tell({ kind: 'running' }),
  rest: () => tell({ kind: 'resting' }),
  garble: () => {
    tell({ kind: 'resting' });
    process.stdout.write('a warning of some library\n{"kind":"unheard of"}\n{"kind":"mod', () =>
      process.kill(process.pid, 'SIGKILL'),
    );
  },
};

let hasBegun = false;
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { do: what, n, session, with: wish } = order.parse(JSON.parse(line));
  const wanted = session?.task ?? wish?.text ?? 'work';
  if (what === 'stop' || what === 'leave') {
    tell({ kind: 'did', n });
    lines.close();
  } else if (hasBegun)
    process.exit(0); // it had rested for long when this came
  else if (wanted === 'fail') process.stderr.write('no memory left\n', () => process.exit(3));
  else {
    tell({ kind: 'did', n });
    WAYS[wanted]();
  }
  hasBegun = true;
});
