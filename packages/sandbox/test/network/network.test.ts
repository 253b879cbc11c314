import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Network, Outside, Sandbox } from '../../src/index.ts';
import { openSandbox } from '../lab/inside.ts';

const patience = (): AbortSignal => AbortSignal.timeout(40_000);

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return portOf(server.address());
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

/** A port that nobody has now, of those that the system gives to nobody by itself. */
async function freePort(): Promise<number> {
  const port = randomInt(10_000, 30_000);
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isFree) return freePort();
  server.close();
  await once(server, 'close');
  return port;
}

/** `say PORT WORDS`: what comes back from a port; `ask METHOD URL`: what the proxy answers, in its first and last line. */
const TOOLS = `
say() { (exec 3<>"/dev/tcp/127.0.0.1/$1" && { printf '%s\\n' "$2" >&3; timeout 20 cat <&3; }) 2>&1 | grep -oE 'refused|reset|unreachable|answer.*' | head -1; }
ask() { exec 3<>/dev/tcp/127.0.0.1/3128; printf '%s %s HTTP/1.1\\r\\nHost: elsewhere.example\\r\\nConnection: close\\r\\n\\r\\n' "$1" "$2" >&3; timeout 20 cat <&3 | tr -d '\\r' | sed -n '1p;$p' | tr '\\n' ' '; }
`;

type Shell = (command: string) => Promise<string>;

/** A shell in a sandbox with this network. */
async function shellWith(
  network: Network,
  outside?: Outside,
): Promise<{ readonly sandbox: Sandbox; readonly shell: Shell }> {
  const sandbox = await openSandbox({ network, ...(outside === undefined ? {} : { outside }) });
  sandbox.stdin.write(TOOLS);
  const lines = createInterface({ input: sandbox.stdout })[Symbol.asyncIterator]();
  const shell: Shell = async (command) => {
    sandbox.stdin.write(`{ ${command} ; } 2>&1 </dev/null | tr '\\n' ' '; echo\n`);
    const line: IteratorResult<string, unknown> = await lines.next();
    return line.done === true ? '' : line.value.trim();
  };
  return { sandbox, shell };
}

const answering = (words: string): Server =>
  createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (data: Buffer) => socket.end(`answer ${words} ${data.toString()}`));
  });

describe('addresses that are not here', () => {
  test.each(['none', 'local'] as const)('are unreachable at once with the network %s', async (mode) => {
    const { shell } = await shellWith({ mode });
    const tried = await shell(
      `for at in 192.0.2.1 10.0.0.1 192.168.0.1 169.254.169.254 169.254.0.1 100.100.100.200 fd00:ec2::254 fe80::1 2001:db8::1; do
         (exec 3<>/dev/tcp/$at/80) 2>&1 | grep -oE 'unreachable|Invalid argument|assign requested' | head -1; done`,
    );
    expect(tried.replaceAll(/Invalid argument|assign requested/g, 'unreachable').split(' ')).toEqual(
      Array.from({ length: 9 }, () => 'unreachable'),
    );
  });

  test('stay so: there is no other interface, and no right to make one', async () => {
    const port = await listening(answering('host'));
    const { shell } = await shellWith({ mode: 'local', hostPorts: [port] });
    expect(await shell('cut -sd: -f1 /proc/net/dev')).toMatch(/^\s*lo$/);
    expect(await shell('tail -n +2 /proc/net/route')).toBe('');
    const attacks = [
      'ip link set lo down',
      'ip route add default dev lo',
      'ip link add x type dummy',
      'nft flush ruleset',
      'iptables -F',
      'unshare --user --map-root-user --net true',
      'nsenter --target 1 --net true',
      `perl -e 'socket(my $s, 17, 3, 0) or exit 1'`,
      `perl -e 'socket(my $s, 2, 3, 1) or exit 1'`,
      '(echo 1 > /proc/sys/net/ipv4/ip_forward)',
    ];
    for (const attack of attacks) expect(await shell(`{ ${attack}; } >/dev/null 2>&1 || echo no`)).toBe('no');
    expect(await shell(`say ${port} still`)).toBe('answer host still');
  });
});

describe('ports of this machine', () => {
  test('are there when they were given, at the start or later, and others are not', async () => {
    const [given, later, other] = [
      await listening(answering('given')),
      await listening(answering('later')),
      await listening(answering('other')),
    ];
    const { sandbox, shell } = await shellWith({ mode: 'local', hostPorts: [given] });
    expect(await shell(`say ${given} one; say ${later} two; say ${other} three`)).toBe(
      'answer given one refused refused',
    );
    await sandbox.reach(later, patience());
    expect(await shell(`say ${given} one; say ${later} two; say ${other} three`)).toBe(
      'answer given one answer later two refused',
    );
  });

  test('that nobody listens at break off', async () => {
    const port = await freePort();
    const { shell } = await shellWith({ mode: 'local', hostPorts: [port] });
    expect(await shell(`say ${port} words || echo no answer`)).not.toContain('words');
    const server = answering('now');
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    expect(await shell(`say ${port} words`)).toBe('answer now words');
  });

  test('pass a megabyte in both directions, and the end of either', async () => {
    const port = await listening(
      createServer({ allowHalfOpen: true }, (socket) => {
        socket.on('error', () => socket.destroy());
        socket.pipe(socket);
      }),
    );
    const { shell } = await shellWith({ mode: 'local', hostPorts: [port] });
    const echo = `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new("127.0.0.1:${port}") or die; if (!fork) { print $s "x" x 1e6; shutdown($s, 1); exit } $n += length $_ while <$s>; print $n'`;
    expect(await shell(echo)).toBe('1000000');
  });

  test('are never there without a network', async () => {
    const port = await listening(answering('host'));
    const { sandbox, shell } = await shellWith({ mode: 'none' });
    await expect(sandbox.reach(port, patience())).rejects.toMatchObject({ code: 'port_refused' });
    expect(await shell(`say ${port} one`)).toBe('refused');
  });

  test('that are taken inside are said so', async () => {
    const port = await listening(answering('host'));
    const { sandbox } = await shellWith({ mode: 'local', hostPorts: [port] });
    await expect(sandbox.reach(port, patience())).rejects.toMatchObject({
      code: 'port_refused',
      message: `port ${port} inside is not opened: something listens there already`,
    });
  });
});

describe('ports inside', () => {
  const serve = (port: number): string =>
    `perl -MIO::Socket::INET -e '$SIG{PIPE} = "IGNORE"; $l = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1", LocalPort => ${port}, ReuseAddr => 1); while ($c = $l->accept) { print $c "banner\\n"; print $c "answer ", scalar <$c>; close $c }' >/dev/null 2>&1 & until (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do :; done; echo up`;
  const asked = async (port: number): Promise<string> => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.end('words\n');
    return text(socket).catch((error: unknown) => String(error));
  };

  test('answer outside when they are shared, and not else', async () => {
    const [shared, own] = [await freePort(), await freePort()];
    const { sandbox, shell } = await shellWith({ mode: 'local', sharedPorts: [shared] });
    expect(await asked(shared)).toMatch(/ECONNRESET|^$/);
    expect(await shell(serve(shared))).toBe('up');
    expect(await shell(serve(own))).toBe('up');
    await vi.waitFor(async () => expect(await asked(shared)).toBe('banner\nanswer words\n'), 20_000);
    expect(await asked(own)).toMatch('ECONNREFUSED');
    await sandbox.close();
    expect(await asked(shared)).toMatch('ECONNREFUSED');
  });

  test('that something has outside are said so', async () => {
    const port = await listening(answering('host'));
    const { sandbox } = await shellWith({ mode: 'local' });
    await expect(sandbox.share(port, patience())).rejects.toMatchObject({
      code: 'port_refused',
      message: `port ${port} on this machine is not opened: something listens there already`,
    });
  });
});

describe('domains', () => {
  const PUBLIC = '93.184.215.14';

  /** An internet that is one server on the loopback; what it was asked for is kept. */
  async function internet(names: Readonly<Record<string, readonly string[]>>) {
    const reached: string[] = [];
    const server = createHttpServer((asked, answer) => {
      answer.end(`answer ${asked.headers.host ?? ''} ${asked.url ?? ''}`);
    });
    const port = await listening(server);
    const outside: Outside = {
      resolve: (host) => Promise.resolve(names[host] ?? []),
      connect: async (address, at) => {
        reached.push(`${address}:${at}`);
        const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
        await once(socket, 'connect');
        return socket;
      },
    };
    return { reached, outside };
  }

  test('that are allowed are reached through the proxy, by plain HTTP and by tunnel; others are refused', async () => {
    const { reached, outside } = await internet({ 'example.com': [PUBLIC], 'example.org': [PUBLIC] });
    const { shell } = await shellWith({ mode: 'allowlist', domains: ['example.com'] }, outside);
    expect(await shell('echo $http_proxy $HTTPS_PROXY')).toBe('http://127.0.0.1:3128 http://127.0.0.1:3128');
    expect(await shell('ask GET http://example.com/a?b')).toBe('HTTP/1.1 200 OK answer example.com /a?b');
    expect(await shell('ask GET http://example.org/')).toBe(
      'HTTP/1.1 403 Forbidden example.org at port 80 is not allowed from this sandbox: allowed are example.com',
    );
    const through = `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new("127.0.0.1:3128"); print $s "CONNECT example.com:443 HTTP/1.1\\r\\n\\r\\n"; while (<$s>) { last if /^\\r/; print } print $s "GET /in HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n"; while (<$s>) { $last = $_ } print $last'`;
    expect(await shell(`${through} | tr -d '\\r'`)).toBe('HTTP/1.1 200 Connection established answer x /in');
    expect(await shell('ask CONNECT example.org:443')).toMatch(
      /^HTTP\/1.1 403 Forbidden example.org at port 443/,
    );
    expect(reached).toEqual([`${PUBLIC}:80`, `${PUBLIC}:443`]);
  });

  test('that lead to private addresses are refused, and so is all that is no name', async () => {
    const names = {
      'bad.example': ['127.0.0.1'],
      'meta.example': ['169.254.169.254'],
      'lan.example': ['10.0.0.1'],
    };
    const { reached, outside } = await internet({ ...names, 'good.example': [PUBLIC] });
    const { shell } = await shellWith(
      { mode: 'allowlist', domains: [...Object.keys(names), 'good.example'] },
      outside,
    );
    for (const host of [
      ...Object.keys(names),
      '127.0.0.1',
      '[::1]',
      '0x7f000001',
      '169.254.169.254',
      'good.example@127.0.0.1',
    ]) {
      expect(await shell(`ask GET http://${host}/`)).toMatch(/^HTTP\/1.1 403/);
      expect(await shell(`ask CONNECT ${host}:443`)).toMatch(/^HTTP\/1.1 403/);
    }
    expect(await shell('ask GET file:///etc/passwd')).toMatch(/^HTTP\/1.1 403/);
    expect(await shell('ask GET /')).toMatch(/^HTTP\/1.1 403/);
    expect(reached).toEqual([]);
    expect(await shell('ask GET http://good.example/')).toMatch(/^HTTP\/1.1 200/);
  });

  test('the private network is reached where it was given, without the internet', async () => {
    const { reached, outside } = await internet({
      '10.9.8.7': ['10.9.8.7'],
      'example.com': [PUBLIC],
      '127.0.0.1': ['127.0.0.1'],
    });
    const { shell } = await shellWith({ mode: 'local', lan: true }, outside);
    expect(await shell('ask GET http://10.9.8.7:8080/')).toBe('HTTP/1.1 200 OK answer 10.9.8.7:8080 /');
    expect(await shell('ask GET http://example.com/')).toMatch(
      /^HTTP\/1.1 403 .* only the private network is/,
    );
    expect(await shell('ask GET http://127.0.0.1/')).toMatch(/^HTTP\/1.1 403/);
    expect(reached).toEqual(['10.9.8.7:8080']);
  });

  test('that are none keep the sandbox from starting', async () => {
    await expect(openSandbox({ network: { mode: 'allowlist', domains: ['*'] } })).rejects.toMatchObject({
      code: 'domain_invalid',
    });
  });
});
