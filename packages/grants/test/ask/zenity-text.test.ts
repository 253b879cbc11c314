import { describe, expect, test } from 'vitest';
import { flagQuestion, matterQuestion } from '../../src/ask/zenity-text.ts';
import { mattersOf } from '../../src/ask/matter.ts';
import type { AskRequest } from '../../src/index.ts';
import { ask } from './request.ts';

const textIn = (argv: readonly string[]): string =>
  argv.find((argument) => argument.startsWith('--text='))?.slice('--text='.length) ?? '';

const first = (request: AskRequest): readonly string[] =>
  mattersOf(request)
    .slice(0, 1)
    .flatMap((matter) => matterQuestion(request, matter, 1));

const OWN_TAGS = /<span size="x-large" weight="bold">|<\/span>|<\/?b>|<\/?i>/g;

describe('the text of a dialog', () => {
  const [app] = ask().apps;
  if (app === undefined) throw new Error('the request asks for nothing');

  test('shows the application, its tier, the warnings, the rights wanted, and quotes the agent', () => {
    const warned = { ...app, warnings: ['It can open a terminal.'] };
    const request = ask({ apps: [warned, app], flagsWanted: { clipboardRead: true } });
    expect(textIn(first(request)).replace(OWN_TAGS, '')).toBe(
      [
        'Let an agent use Mousepad?',
        'Application 1 of 2',
        'Program: /usr/bin/mousepad\n' +
          'Access: full (see it, click in it and type into it)\n' +
          'Warning: It can open a terminal.\n' +
          'Also wants to: read what you copied (the clipboard)',
        'The agent says (its own words, not checked):\n“to write down the meeting”',
      ].join('\n\n'),
    );
    expect(textIn(flagQuestion(request, 'clipboardRead')).replace(OWN_TAGS, '')).toContain(
      'While it uses: Mousepad, Mousepad',
    );
  });

  test('says so when the agent gives no reason', () => {
    expect(textIn(first(ask({ reason: '\n' })))).toContain('The agent gives no reason.');
  });

  const hostile = [
    '</span><b>x</b>',
    '& &amp; &#x3c;b&#x3e;',
    '\\074b\\076 \\n \\',
    '${x} %s --ok-label=Deny',
    '\u202e\u0000\u001b[1m',
  ];
  test.each(hostile)('shows hostile words %j as they are, wherever they stand', (words) => {
    const request = ask({
      reason: words,
      apps: [{ ...app, name: words, executable: words, tierMeaning: words, warnings: [words] }],
    });
    for (const argv of mattersOf(request).flatMap((matter) => [
      matterQuestion(request, matter, 1),
      flagQuestion(request, 'clipboardRead'),
    ])) {
      const left = textIn(argv).replace(OWN_TAGS, '');
      expect(left).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/);
      // Every backslash is doubled, so none is left to be interpreted.
      expect(left.replaceAll('\\\\', '')).not.toContain('\\');
    }
  });
});
