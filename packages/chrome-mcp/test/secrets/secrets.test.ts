import { describe, expect, test } from 'vitest';
import { Secrets } from '../../src/secrets/secrets.ts';

const VALUE = 'pä"ss wörd/&1';

const secrets = new Secrets([
  { name: 'SHOP', value: VALUE, username: null, origins: ['https://*.shop.example'] },
  { name: 'ANY', value: 'everywhere', username: null, origins: null },
  { name: 'DOOR', value: 'opensesame', username: 'ada', origins: ['http://localhost:3000'] },
]);

const inBase64 = (text: string, encoding: BufferEncoding = 'base64'): string =>
  Buffer.from(text).toString(encoding);

describe('a name', () => {
  test('stands for its value where that may go', () => {
    expect(secrets.reveal('x {{secret:SHOP}} {{secret:ANY}}', ['https://www.shop.example'])).toBe(
      `x ${VALUE} everywhere`,
    );
    expect(secrets.reveal('{{secret:ANY}}', ['null'])).toBe('everywhere');
  });

  test.each([
    ['another site', ['https://shop.example.evil.example']],
    ['the site without encryption', ['http://www.shop.example']],
    ['a document without an address', ['null']],
    ['the site in a page of another', ['https://www.shop.example', 'https://evil.example']],
  ])('stands for nothing on %s', (_what, origins) => {
    expect(() => secrets.reveal('{{secret:SHOP}}', origins)).toThrow(
      expect.objectContaining({ code: 'secret_elsewhere' }),
    );
  });

  test('that nobody gave is told with those that there are, and no value', () => {
    expect(() => secrets.reveal('{{secret:NONE}}', ['https://a.example'])).toThrow(
      expect.objectContaining({
        code: 'unknown_secret',
        hint: 'There are: SHOP, ANY, DOOR. The person gives them in a file, with --secrets.',
      }),
    );
  });

  test('is only text for who has no secrets', () => {
    expect(new Secrets([]).reveal('{{secret:SHOP}}', [])).toBe('{{secret:SHOP}}');
  });
});

test('credentials are for their own origin', () => {
  expect(secrets.credentials('http://localhost:3000')).toEqual({ username: 'ada', password: 'opensesame' });
  expect(secrets.credentials('http://localhost:3001')).toBe(null);
  expect(secrets.credentials('https://www.shop.example')).toBe(null);
});

describe('a value is taken out', () => {
  test.each([
    ['as it is', VALUE],
    ['in another case', VALUE.toUpperCase()],
    ['in JSON', JSON.stringify({ a: VALUE })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify([VALUE]))],
    ['in a URL', `https://a.example/?q=${encodeURIComponent(VALUE)}`],
    ['in a form', new URLSearchParams({ q: VALUE }).toString()],
    ['in HTML', `<p>${VALUE.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</p>`],
    ['in hexadecimal', Buffer.from(VALUE).toString('hex').toUpperCase()],
    ['in base64', inBase64(VALUE)],
    ['in base64 for URLs', inBase64(VALUE, 'base64url')],
    ['in base64 with a name before it', inBase64(`u:${VALUE}`)],
    ['in base64 with more around it', inBase64(`user:${VALUE}?x`)],
    ['twice', `${VALUE}${VALUE}`],
    ['where a text was cut', `“${VALUE.slice(0, -3)}…`],
  ])('%s', (_what, text) => {
    const left = secrets.scrub(text);
    expect(left).toContain('{{secret:SHOP}}');
    const pieces = [VALUE.slice(0, 6), 'wörd', encodeURIComponent('wörd'), inBase64(VALUE).slice(4, 12)];
    for (const piece of pieces) expect(left.toLowerCase()).not.toContain(piece.toLowerCase());
  });

  test('from everything that a result has, and nothing else', () => {
    const result = {
      text: 'It says everywhere.',
      structured: { everywhere: [{ url: 'x?everywhere' }], count: 3 },
      blocks: [{ type: 'text', text: 'everywhere' } as const],
      images: [{ data: 'everywhere', mimeType: 'image/png' }],
    };
    expect(secrets.scrubResult(result)).toEqual({
      text: 'It says {{secret:ANY}}.',
      structured: { '{{secret:ANY}}': [{ url: 'x?{{secret:ANY}}' }], count: 3 },
      blocks: [{ type: 'text', text: '{{secret:ANY}}' }],
      images: result.images,
    });
    expect(secrets.scrub('opens… every… ope…')).toBe('{{secret:DOOR}}… {{secret:ANY}}… ope…');
  });
});
