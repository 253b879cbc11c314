import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { TesseractRecognition, type TesseractOptions } from '../../src/recognition/tesseract-recognition.ts';

const opened: TesseractRecognition[] = [];
afterEach(() => {
  for (const recognition of opened.splice(0)) recognition.close();
});

function open(options: TesseractOptions = {}): TesseractRecognition {
  const recognition = new TesseractRecognition(options);
  opened.push(recognition);
  return recognition;
}

const never = new AbortController().signal;

const textPicture = (...lines: readonly string[]): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="${100 * lines.length}"><rect width="100%" height="100%" fill="white"/>${lines
        .map((line, row) => `<text x="20" y="${60 + row * 100}" font-size="36">${line}</text>`)
        .join('')}</svg>`,
    ),
  )
    .png()
    .toBuffer();

test('it reads the lines of a picture, with how sure it is', async () => {
  const lines = await open().read(await textPicture('The invoice is paid', 'Total 42.50'), never);
  expect(lines.map(({ text }) => text.trim())).toEqual(['The invoice is paid', 'Total 42.50']);
  for (const { confidence } of lines) expect(confidence).toBeGreaterThan(80);
});

test('it finds nothing in an empty picture', async () => {
  expect(await open().read(await textPicture(''), never)).toEqual([]);
});

test('a file that is no picture is told, and the next one is read', async () => {
  const recognition = open();
  await expect(recognition.read(new Uint8Array([1, 2, 3]), never)).rejects.toThrow(
    /^text recognition failed: /,
  );
  const [line] = await recognition.read(await textPicture('still there'), never);
  expect(line?.text.trim()).toBe('still there');
});

test('it ends in the middle of a picture when nobody waits for it any more, and starts again', async () => {
  const recognition = open();
  const enough = new AbortController();
  const large = await textPicture(...Array.from({ length: 30 }, () => 'many words in many lines here'));
  const reading = recognition.read(large, enough.signal);
  enough.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
  const [line] = await recognition.read(await textPicture('once more'), never);
  expect(line?.text.trim()).toBe('once more');
});

test('two readings at once are done one after the other', async () => {
  const recognition = open();
  const pictures = [await textPicture('first'), await textPicture('second')];
  const read = await Promise.all(pictures.map((picture) => recognition.read(picture, never)));
  expect(read.map(([line]) => line?.text.trim())).toEqual(['first', 'second']);
});

test('it does not run before something is read, nor for long after', async () => {
  const recognition = open({ idleMs: 1 });
  expect(recognition.isRunning).toBe(false);
  await recognition.read(await textPicture('words'), never);
  await expect.poll(() => recognition.isRunning, { timeout: 30_000 }).toBe(false);
});

test('without the packages it says what installs them', async () => {
  const resolve = (id: string): string => {
    throw new Error(`Cannot find module '${id}'`);
  };
  await expect(open({ resolve }).read(await textPicture('words'), never)).rejects.toMatchObject({
    name: 'RecognitionUnavailable',
    message: 'text recognition is not installed',
    hint: 'Take a screenshot instead. To have text recognised, a person runs "npm install tesseract.js @tesseract.js-data/eng" where @deskhand/computer-use-mcp is installed.',
  });
});

test('language data that is missing are not fetched from anywhere', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'no-data-'));
  const installed = createRequire(import.meta.url).resolve;
  const resolve = (id: string): string =>
    id.startsWith('@tesseract.js-data') ? join(empty, 'package.json') : installed(id);
  await expect(open({ resolve }).read(await textPicture('words'), never)).rejects.toThrow('ENOENT');
  await rm(empty, { recursive: true });
});
