import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { seccompProgram } from '../src/seccomp.ts';
import { DENIED } from '../src/system-calls.ts';
import { inside, makeFolder, NOBODY } from './lab/inside.ts';

const IS_ROOT = process.geteuid?.() === 0;

describe('nothing of the host is there', () => {
  test('its files are not, and the system and what is shown are', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'marker'), 'of the host');
    const { out } = await inside(
      `for path in /etc/shadow /root /home/*/.ssh /var /run /sys /boot /opt /mnt ${tmpdir()}/deskhand-folder-*; do
         [ -e "$path" ] && echo "there: $path"
       done
       cat /shown/marker && ls /usr/bin/env && cut -d: -f1 /etc/passwd | tr '\\n' ' '`,
      { shown: [{ source: folder, at: '/shown' }] },
    );
    expect(out).toBe('of the host/usr/bin/env\nroot agent ');
  });

  test('its processes, their environment and what this process has open are not', async () => {
    const secret = randomUUID();
    const outside = spawn('sleep', ['600'], { env: { ...process.env, SECRET: secret } });
    onTestFinished(() => void outside.kill('SIGKILL'));
    const { out } = await inside(
      `grep -l ${secret} /proc/[0-9]*/environ 2>/dev/null; ls -d /proc/[0-9]* | wc -l; ls /proc/self/fd | wc -l; env | grep -c SECRET`,
      { env: { MINE: '1' } },
    );
    const [processes = '', descriptors, secrets] = out.trim().split('\n');
    expect(Number(processes)).toBeLessThan(8);
    // its own three, and that of the folder that is listed
    expect([descriptors, secrets]).toEqual(['4', '0']);
  });

  test('its name and its users are not', async () => {
    const { out } = await inside('hostname; id -un; id -G; echo ~');
    expect(out).toBe('sandbox\nagent\n1000\n/home/agent\n');
  });
});

describe('what is read-only stays so', () => {
  test('the system, the place of the folders and what is shown; scratch is not', async () => {
    const folder = await makeFolder();
    const { out } = await inside(
      `for path in /etc/x /usr/x /x /sessions/x /sessions/s1/mnt/x /shown/x /proc/sys/kernel/hostname; do
         (echo > "$path") 2>/dev/null && echo "written: $path"
       done
       for path in ~/x /tmp/x /dev/shm/x; do (echo > "$path") && echo "$path"; done`,
      { shown: [{ source: folder, at: '/shown' }] },
    );
    expect(out).toBe('/home/agent/x\n/tmp/x\n/dev/shm/x\n');
  });

  test('it cannot be mounted anew, and there are no rights to do so', async () => {
    const { out } = await inside(
      `mount -o remount,rw / 2>/dev/null || echo no remount
       umount -l /sessions/s1/mnt 2>/dev/null || echo no umount
       unshare --user --map-root-user true 2>/dev/null || echo no namespace
       chroot / true 2>/dev/null || echo no chroot
       grep -E 'Cap(Eff|Prm|Bnd|Amb)|NoNewPrivs|Seccomp:' /proc/self/status | tr -d '\\t\\n'`,
    );
    expect(out.split('\n').slice(0, -1)).toEqual(['no remount', 'no umount', 'no namespace', 'no chroot']);
    const none = '0000000000000000';
    expect(out).toContain(`CapPrm:${none}CapEff:${none}CapBnd:${none}CapAmb:${none}NoNewPrivs:1Seccomp:2`);
  });
});

describe('system calls', () => {
  const calls = (numbers: readonly number[]): string =>
    `perl -e 'for (@ARGV) { $! = 0; syscall($_, -1, 0, 0, 0, 0); print $!+0, " " }' ${numbers.join(' ')}`;
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

  test('that attacks go through are refused, and others are not', async () => {
    const denied = Object.values(DENIED).map((numbers) => numbers[arch]);
    const getpid = arch === 'x64' ? 39 : 172;
    const { out } = await inside(calls([...denied, getpid]));
    expect(out.trim().split(' ')).toEqual([...denied.map(() => '1'), '0']);
  });

  test('sockets are of the families that programs use', async () => {
    const families = { unix: 1, ipv4: 2, ipv6: 10, netlink: 16, alg: 38, packet: 17, vsock: 40 };
    const { out } = await inside(
      `perl -e 'for (@ARGV) { print socket(my $s, $_, 3 - ($_ < 16), 0) ? "yes " : $!+0, " " }' ${Object.values(families).join(' ')}`,
    );
    expect(out.trim().split(/ +/)).toEqual(['yes', 'yes', 'yes', 'yes', '97', '97', '97']);
  });

  test('nobody types into a terminal by its descriptor, and its size is told', async () => {
    const { out } = await inside(
      `script -qec 'perl -e "my (\\$typed, \\$size) = (q(x), q( ) x 8); ioctl(STDIN, 0x5412, \\$typed) or print qq(typing: \\$!\\n); ioctl(STDIN, 0x5413, \\$size) and print qq(size\\n)"' /dev/null`,
    );
    expect(out.replaceAll('\r', '')).toBe('typing: Operation not permitted\nsize\n');
  });

  test('programs are for one architecture, whole instructions, and end with a verdict', () => {
    for (const name of ['x64', 'arm64'] as const) {
      const program = seccompProgram(name);
      expect(program.length % 8).toBe(0);
      expect(program.readUInt16LE(program.length - 8)).toBe(0x06);
    }
    expect(seccompProgram('x64')).not.toEqual(seccompProgram('arm64'));
  });
});

describe('the network', () => {
  test('has its own loopback and nothing else', async () => {
    const host = createServer((socket) => socket.end('of the host')).listen(0, '127.0.0.1');
    onTestFinished(() => void host.close());
    await once(host, 'listening');
    const address = host.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { out } = await inside(
      `try() { timeout 5 bash -c "exec 3<>/dev/tcp/$1/$2; cat <&3" 2>&1 | grep -oE 'refused|unreachable|of the host|answer' | head -1; }
       try 127.0.0.1 ${port}; try 192.0.2.1 80; try 169.254.169.254 80
       perl -MIO::Socket::INET -e '$l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 8080); print "up\\n"; close STDOUT; $c = $l->accept; print $c "answer\\n"' &
       until (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; do :; done; wait; echo reached`,
    );
    expect(out.replace('up\n', '')).toBe('refused\nunreachable\nunreachable\nreached\n');
  });
});

describe('a mounted folder', () => {
  const mounted = (folder: string, access: 'ro' | 'rw') => ({ mounts: [{ name: 'work', folder, access }] });

  test('is written where that was given, and read where it was not', async () => {
    const [free, kept] = [await makeFolder(), await makeFolder()];
    await writeFile(join(kept, 'a'), 'kept');
    const { out, err } = await inside(
      'cd /sessions/s1/mnt; echo new > free/a; cat kept/a; echo over > kept/a; rm -f kept/a; ls kept',
      {
        mounts: [
          { name: 'free', folder: free, access: 'rw' },
          { name: 'kept', folder: kept, access: 'ro' },
        ],
      },
    );
    expect(out).toBe('kepta\n');
    expect(err.match(/Read-only file system/g)).toHaveLength(2);
    expect(await readFile(join(free, 'a'), 'utf8')).toBe('new\n');
    expect(await readFile(join(kept, 'a'), 'utf8')).toBe('kept');
  });

  test('leads nowhere else by a symlink', async () => {
    const [folder, elsewhere] = [await makeFolder(), await makeFolder()];
    await writeFile(join(elsewhere, 'secret'), 'secret');
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in', 'a'), 'inner');
    await symlink(elsewhere, join(folder, 'out'));
    await symlink('in/a', join(folder, 'link'));
    const { out } = await inside(
      'cd /sessions/s1/mnt/work; cat out/secret 2>/dev/null; cat link',
      mounted(folder, 'rw'),
    );
    expect(out).toBe('inner');
  });

  test.runIf(IS_ROOT)('gives no rights by a program of root or a device in it', async () => {
    const folder = await makeFolder();
    const make = spawn('bash', [
      '-c',
      `cd '${folder}'; cp /usr/bin/id id; chmod 4755 id; mknod -m 666 zero c 1 5`,
    ]);
    await once(make, 'close');
    const { out } = await inside(
      'cd /sessions/s1/mnt/work; ./id -u; head -c1 zero 2>/dev/null || echo closed',
      {
        ...mounted(folder, 'rw'),
        user: NOBODY,
      },
    );
    expect(out).toBe('1000\nclosed\n');
  });
});
