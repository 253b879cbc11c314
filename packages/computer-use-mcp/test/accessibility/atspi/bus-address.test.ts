import { expect, test } from 'vitest';
import { sessionAddress, unixAddress } from '../../../src/accessibility/atspi/bus-address.ts';

test.each([
  ['unix:path=/run/user/1000/at-spi/bus_0,guid=af37', 'unix:path=/run/user/1000/at-spi/bus_0'],
  ['unix:guid=af37,path=/run/bus', 'unix:path=/run/bus'],
  ['unix:abstract=/tmp/dbus-x', 'unix:abstract=/tmp/dbus-x'],
  ['tcp:host=10.0.0.1,port=9;unix:path=/run/bus', 'unix:path=/run/bus'],
  ['unix:path=/run/a%20folder/bus', 'unix:path=/run/a folder/bus'],
])('of %j the socket is %j', (list, socket) => {
  expect(unixAddress(list)).toBe(socket);
});

test.each([
  'unixexec:path=/bin/sh,arg1=-c,arg2=true',
  'tcp:host=127.0.0.1,port=9',
  'launchd:env=X',
  'autolaunch:',
  'unix:path=/run/%ff',
  'unix:path=/run/a%2cpath=/other',
  'unix:tmpdir=/tmp',
  '',
])('%j has no socket that is used', (list) => {
  expect(unixAddress(list)).toBeNull();
});

test('the session bus is the one of the environment, else where systemd puts it', () => {
  expect([
    sessionAddress({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/one,guid=1', XDG_RUNTIME_DIR: '/run/user/7' }),
    sessionAddress({ XDG_RUNTIME_DIR: '/run/user/7' }),
    sessionAddress({ DBUS_SESSION_BUS_ADDRESS: 'tcp:host=x,port=1' }),
    sessionAddress({}),
  ]).toEqual(['unix:path=/run/one', 'unix:path=/run/user/7/bus', null, null]);
});
