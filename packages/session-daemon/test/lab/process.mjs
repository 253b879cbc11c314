// Speaks as the process of a session does; what it does with it stands in the task, or in what is said when it goes on.
import { createInterface } from 'node:readline';

const tell = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

const WAYS = {
  work: (n) => {
    tell({ kind: 'did', n });
    tell({ kind: 'running' });
  },
  rest: (n) => {
    tell({ kind: 'did', n });
    tell({ kind: 'resting' });
  },
  fail: () => {
    process.stderr.write('no memory left\n');
    process.exitCode = 3;
    lines.close();
    process.stdin.destroy();
  },
  garble: (n) => {
    tell({ kind: 'did', n });
    tell({ kind: 'resting' });
    process.stdout.write('a warning of some library\n{"kind":"unheard of"}\n{"kind":"mod', () =>
      process.kill(process.pid, 'SIGKILL'),
    );
  },
};

let hasBegun = false;
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { do: what, n, session, with: wish } = JSON.parse(line);
  if (what === 'stop' || what === 'leave') {
    tell({ kind: 'did', n });
    lines.close();
  } else if (hasBegun) process.exit(0); // it had rested for long when this came
  else WAYS[session?.task ?? wish.text ?? 'work'](n);
  hasBegun = true;
});
