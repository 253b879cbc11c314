import { ConfigError } from '../config/config-error.ts';
import type { Service } from './service.ts';
import { xmlText } from './xml.ts';

export const taskName = (name: string): string => `\\Deskhand\\${name}`;

/**
 * A task for `schtasks /create /xml`, started at logon with the rights of the person, as often as it fails.
 * Variables are set by a shell, because a task has none of its own.
 */
export function scheduledTask({ description, command, cwd, env }: Service): string {
  const [file = '', ...args] = command;
  const variables = Object.entries(env);
  const line = (): string => command.map((part) => windowsWord(cmdText(part))).join(' ');
  const sets = variables.map(([key, value]) => `set "${cmdText(`${key}=${value}`)}"&& `).join('');
  const [program, rest] =
    variables.length === 0
      ? [file, args.map(windowsWord).join(' ')]
      : ['%ComSpec%', `/d /s /v:off /c "${sets}${line()}"`];
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    `  <RegistrationInfo><Description>${xmlText(description)}</Description></RegistrationInfo>`,
    '  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    '      <LogonType>InteractiveToken</LogonType>',
    '      <RunLevel>LeastPrivilege</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <RestartOnFailure><Interval>PT1M</Interval><Count>10</Count></RestartOnFailure>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '    <Hidden>true</Hidden>',
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    `      <Command>${xmlText(program)}</Command>`,
    `      <Arguments>${xmlText(rest)}</Arguments>`,
    `      <WorkingDirectory>${xmlText(cwd)}</WorkingDirectory>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ].join('\r\n');
}

/**
 * Quoted as programs on Windows take their command line apart: backslashes count only before a quote.
 * Source: "Parsing C command-line arguments" of the Microsoft C documentation.
 */
function windowsWord(text: string): string {
  if (text !== '' && !/[\s"]/.test(text)) return text;
  return `"${text.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/** For cmd.exe, which expands `%` even in quotes, knows no quote in quotes, and cannot be told otherwise. */
function cmdText(text: string): string {
  if (/["%\r\n]/.test(text)) {
    throw new ConfigError(JSON.stringify(text), 'cannot be given to cmd.exe. Leave quotes and % out');
  }
  return text;
}
