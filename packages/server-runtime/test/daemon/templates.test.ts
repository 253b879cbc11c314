import { describe, expect, test } from 'vitest';
import { launchAgent } from '../../src/daemon/launchd.ts';
import { scheduledTask } from '../../src/daemon/scheduled-task.ts';
import type { Service } from '../../src/daemon/service.ts';
import { serviceUnit, socketUnit } from '../../src/daemon/systemd.ts';

const service: Service = {
  name: 'fixture-bin',
  description: 'A server\nfor "tests" & <more>.',
  command: [
    '/opt/my node/bin/node',
    '/x/cli.js',
    'daemon',
    'run',
    '--note',
    `a "b" $HOME %h 'c' \\ & <d>`,
    '',
  ],
  cwd: '/home/me/100% mine',
  env: { DESKHAND_HOME: '/state/a "b" %n $x', XAUTHORITY: '/run/user/0/<x>&' },
  socket: '/state/100%/daemons/fixture-bin.sock',
  address: '127.0.0.1:4711',
  logFile: '/state/logs/fixture-bin.log',
};

test('a systemd service, in which nothing of a value is syntax', () => {
  expect(serviceUnit(service)).toMatchInlineSnapshot(`
    "[Unit]
    Description=A server for "tests" & <more>.
    Requires=fixture-bin.socket
    After=fixture-bin.socket

    [Service]
    ExecStart="/opt/my node/bin/node" "/x/cli.js" "daemon" "run" "--note" "a \\"b\\" $$HOME %%h 'c' \\\\ & <d>" ""
    WorkingDirectory=/home/me/100%% mine
    Environment="DESKHAND_HOME=/state/a \\"b\\" %%n $x"
    Environment="XAUTHORITY=/run/user/0/<x>&"
    Restart=on-failure
    RestartSec=1
    KillMode=mixed
    TimeoutStopSec=20
    UMask=0077

    [Install]
    Also=fixture-bin.socket
    WantedBy=default.target
    "
  `);
});

test('a systemd socket unit', () => {
  expect(socketUnit(service)).toMatchInlineSnapshot(`
    "[Unit]
    Description=A server for "tests" & <more>. (sockets)

    [Socket]
    ListenStream=/state/100%%/daemons/fixture-bin.sock
    SocketMode=0600
    DirectoryMode=0700
    ListenStream=127.0.0.1:4711

    [Install]
    WantedBy=sockets.target
    "
  `);
  expect(socketUnit({ ...service, address: undefined })).not.toContain('4711');
});

test('a launchd agent', () => {
  expect(launchAgent(service)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
    <plist version="1.0">
      <dict>
        <key>Label</key>
        <string>com.deskhand.fixture-bin</string>
        <key>ProgramArguments</key>
        <array>
          <string>/opt/my node/bin/node</string>
          <string>/x/cli.js</string>
          <string>daemon</string>
          <string>run</string>
          <string>--note</string>
          <string>a &quot;b&quot; $HOME %h &apos;c&apos; \\ &amp; &lt;d&gt;</string>
          <string></string>
        </array>
        <key>WorkingDirectory</key>
        <string>/home/me/100% mine</string>
        <key>EnvironmentVariables</key>
        <dict>
          <key>DESKHAND_HOME</key>
          <string>/state/a &quot;b&quot; %n $x</string>
          <key>XAUTHORITY</key>
          <string>/run/user/0/&lt;x&gt;&amp;</string>
        </dict>
        <key>RunAtLoad</key>
        <true/>
        <key>KeepAlive</key>
        <dict>
          <key>SuccessfulExit</key>
          <false/>
        </dict>
        <key>ExitTimeOut</key>
        <integer>20</integer>
        <key>Umask</key>
        <integer>63</integer>
        <key>StandardErrorPath</key>
        <string>/state/logs/fixture-bin.log</string>
      </dict>
    </plist>
    "
  `);
});

describe('a scheduled task', () => {
  const windows: Service = {
    ...service,
    command: ['C:\\Program Files\\node.exe', 'C:\\x\\cli.js', 'daemon', 'run', '--note', 'C:\\a b\\'],
    cwd: 'C:\\Users\\me & you',
    env: {},
  };

  test('runs the command itself', () => {
    expect(scheduledTask(windows)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-16"?>
      <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
        <RegistrationInfo><Description>A server
      for &quot;tests&quot; &amp; &lt;more&gt;.</Description></RegistrationInfo>
        <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
        <Principals>
          <Principal id="Author">
            <LogonType>InteractiveToken</LogonType>
            <RunLevel>LeastPrivilege</RunLevel>
          </Principal>
        </Principals>
        <Settings>
          <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
          <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
          <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
          <RestartOnFailure><Interval>PT1M</Interval><Count>10</Count></RestartOnFailure>
          <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
          <Hidden>true</Hidden>
        </Settings>
        <Actions Context="Author">
          <Exec>
            <Command>C:\\Program Files\\node.exe</Command>
            <Arguments>C:\\x\\cli.js daemon run --note &quot;C:\\a b\\\\&quot;</Arguments>
            <WorkingDirectory>C:\\Users\\me &amp; you</WorkingDirectory>
          </Exec>
        </Actions>
      </Task>
      "
    `);
  });

  test('runs it through a shell when variables are to be set', () => {
    const text = scheduledTask({ ...windows, env: { DESKHAND_HOME: 'C:\\a & b' } });
    expect(/<Command>.*<\/Arguments>/s.exec(text)?.[0].replaceAll('\r', '')).toMatchInlineSnapshot(`
      "<Command>%ComSpec%</Command>
            <Arguments>/d /s /v:off /c &quot;set &quot;DESKHAND_HOME=C:\\a &amp; b&quot;&amp;&amp; &quot;C:\\Program Files\\node.exe&quot; C:\\x\\cli.js daemon run --note &quot;C:\\a b\\\\&quot;&quot;</Arguments>"
    `);
  });

  test('quotes what a program takes apart, and refuses what cmd.exe cannot hold', () => {
    const quoted = scheduledTask({ ...windows, command: ['n.exe', 'say "hi" \\'] });
    expect(quoted).toContain('<Arguments>&quot;say \\&quot;hi\\&quot; \\\\&quot;</Arguments>');
    const env = { A: '%PATH%' };
    expect(() => scheduledTask({ ...windows, env })).toThrow(
      '"A=%PATH%": cannot be given to cmd.exe. Leave quotes and % out',
    );
    expect(() => scheduledTask({ ...windows, env: { A: 'x' }, command: ['n.exe', '"&calc'] })).toThrow(
      /cmd\.exe/,
    );
  });
});

test.each([
  ['a backslash at its end', '/home/me\\', false],
  ['a line break', '/home/me\n[Service]\nExecStart=/bin/evil', false],
  ['a blank at its end', '/home/me ', false],
  ['blanks, quotes and backslashes within', `/home/a "b" 'c' \\d`, true],
])('a unit file holds no folder with %s unless it can', (_what, cwd, isHeld) => {
  if (isHeld) expect(serviceUnit({ ...service, cwd })).toContain(`\nWorkingDirectory=${cwd}\n`);
  else expect(() => serviceUnit({ ...service, cwd })).toThrow(/cannot stand in a unit file/);
  const socket = `${cwd}/x.sock`;
  if (isHeld) expect(socketUnit({ ...service, socket })).toContain(`\nListenStream=${socket}\n`);
});
