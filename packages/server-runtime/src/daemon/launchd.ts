import type { Service } from './service.ts';
import { xmlText } from './xml.ts';

export const launchdLabel = (name: string): string => `com.deskhand.${name}`;

/** A property list for `~/Library/LaunchAgents`: launchd.plist(5). */
export function launchAgent({ name, command, cwd, env, logFile }: Service): string {
  const variables = Object.entries(env).flatMap(([key, value]) => [
    `      <key>${xmlText(key)}</key>`,
    `      <string>${xmlText(value)}</string>`,
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '  <dict>',
    ...string('Label', launchdLabel(name)),
    '    <key>ProgramArguments</key>',
    '    <array>',
    ...command.map((part) => `      <string>${xmlText(part)}</string>`),
    '    </array>',
    ...string('WorkingDirectory', cwd),
    ...(variables.length === 0
      ? []
      : ['    <key>EnvironmentVariables</key>', '    <dict>', ...variables, '    </dict>']),
    '    <key>RunAtLoad</key>',
    '    <true/>',
    // a crash is started again; a stop or an idle exit stays
    '    <key>KeepAlive</key>',
    '    <dict>',
    '      <key>SuccessfulExit</key>',
    '      <false/>',
    '    </dict>',
    '    <key>ExitTimeOut</key>',
    '    <integer>20</integer>',
    '    <key>Umask</key>',
    '    <integer>63</integer>',
    ...string('StandardErrorPath', logFile),
    '  </dict>',
    '</plist>',
    '',
  ].join('\n');
}

const string = (key: string, value: string): string[] => [
  `    <key>${key}</key>`,
  `    <string>${xmlText(value)}</string>`,
];
