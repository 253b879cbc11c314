import { execFile } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeTree } from './lab/tree.ts';

const CLI = join(import.meta.dirname, '../dist/cli.js');
const HERE = '10.77.0.1';
const PRINTER = '10.77.0.2';

/** A network of its own with this machine and another one, both of which answer at port 8080; then runs what follows. */
const NETWORK = `
set -e
ended=
trap 'kill $ended' EXIT
ip link set lo up
unshare --net sleep 600 >/dev/null 2>&1 & peer=$! ended=$!
until other=$(readlink /proc/$peer/ns/net) && [ "$other" != "$(readlink /proc/self/ns/net)" ]; do :; done
ip link add here type veth peer name there netns $peer
ip addr add ${HERE}/24 dev here
ip link set here up
at_peer="nsenter --target $peer --net"
$at_peer ip addr add ${PRINTER}/24 dev there
$at_peer ip link set there up
exec 5< <(exec $at_peer "$NODE" "$ANSWER" ${PRINTER} 2>/dev/null)
ended="$ended $!"
read -r up <&5
exec 6< <(exec "$NODE" "$ANSWER" ${HERE} 2>/dev/null)
ended="$ended $!"
read -r up <&6
`;

const ANSWER = `
require('node:http')
  .createServer((request, response) => response.end('answer ' + request.url))
  .listen(8080, process.argv[2], () => console.log('up'));
`;

/** What each address answers inside: by the proxy, and without it. */
const ASK = [HERE, PRINTER]
  .map(
    (address) => `
echo proxy ${address}: $({ exec 3<>/dev/tcp/127.0.0.1/3128 && printf 'GET http://${address}:8080/x HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' >&3 && cat <&3; } 2>&1 | grep -oE 'refused|^HTTP/1.1 ...|answer.*' | tr -d '\\r' | uniq | tr '\\n' ' ')
echo straight ${address}: $( (exec 3<>/dev/tcp/${address}/8080) 2>&1 | grep -o unreachable | head -1)`,
  )
  .join('\n');

const run = promisify(execFile);
const MODES = [
  ['none', [], { proxy: 'refused' }],
  ['local', [], { proxy: 'refused' }],
  ['local', ['--allow-lan'], { proxy: 'HTTP/1.1 200 answer /x' }],
  ['allowlist', ['--allow-domain', 'example.com'], { proxy: 'HTTP/1.1 403' }],
  ['allowlist', ['--allow-domain', 'example.com', '--allow-lan'], { proxy: 'HTTP/1.1 200 answer /x' }],
] as const;

test.each(MODES)(
  'with the network %s %j another computer of the private network answers %j',
  async (mode, flags, { proxy }) => {
    const [folder, home] = [makeTree(), makeTree()];
    chmodSync(home, 0o700);
    writeFileSync(join(home, 'answer.cjs'), ANSWER);
    const call = [
      ...[CLI, 'call', '--mount', `work=${folder}`, '--session', 's', '--approve', 'never-in-sandbox'],
      ...['--network', mode, ...flags, 'Bash', JSON.stringify({ command: ASK })],
    ];
    const isRoot = process.geteuid?.() === 0;
    const { stdout } = await run(
      'unshare',
      [
        ...[...(isRoot ? [] : ['--user', '--map-root-user']), '--net', '--', 'bash', '-c'],
        // the network is really there for the server
        ...[`${NETWORK}\nexec 7<>/dev/tcp/${PRINTER}/8080\n"$NODE" "$@"`, 'bash', ...call],
      ],
      {
        env: {
          ...{
            PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
            HOME: home,
            DESKHAND_HOME: join(home, 'state'),
          },
          ...{ NODE: process.execPath, ANSWER: join(home, 'answer.cjs') },
        },
      },
    );
    const said = Object.fromEntries(
      Array.from(stdout.matchAll(/(proxy|straight) ([\d.]+): ?(.*)/g), ([, way, address, words = '']) => [
        `${way ?? ''} ${address ?? ''}`,
        words.replace(/(?<=403).*/, '').trim(),
      ]),
    );
    expect(said).toEqual({
      [`proxy ${PRINTER}`]: proxy,
      [`straight ${PRINTER}`]: 'unreachable',
      // this machine is no other computer
      [`proxy ${HERE}`]: proxy === 'refused' ? 'refused' : 'HTTP/1.1 403',
      [`straight ${HERE}`]: 'unreachable',
    });
  },
);
