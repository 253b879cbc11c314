import { z } from 'zod';
import { FileError } from '../files/file-error.ts';
import { PICTURE } from '../files/picture-type.ts';
import { runLimited } from './program.ts';

/** A picture as a model takes it. */
export interface Picture {
  /** Such as image/png. */
  readonly type: string;
  readonly base64: string;
  readonly width: number;
  readonly height: number;
  /** Width and height of the original. */
  readonly original: readonly [number, number];
}

const pictureHead = z.object({
  type: z.string(),
  width: z.number(),
  height: z.number(),
  original: z.tuple([z.number(), z.number()]),
});

/** A picture that is to be shown. */
export interface OfferedPicture {
  readonly bytes: Buffer;
  /** Of the file that it comes from. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/**
 * A picture made smaller by a program of its own, since files can be made to harm whoever decodes them.
 *
 * @param program - the bundled `cli/picture`
 * @throws FileError `bad_document`
 */
export async function shownPicture(
  program: string,
  { bytes, name, signal }: OfferedPicture,
): Promise<Picture> {
  const { output, exitCode } = await runLimited([process.execPath, program], {
    ...{ input: bytes, signal, maxBytes: 2 * PICTURE.bytes },
  });
  const end = output.indexOf('\n');
  if (exitCode !== 0 || end < 0) throw unreadable(name);
  const head = pictureHead.parse(JSON.parse(output.subarray(0, end).toString()));
  return { ...head, base64: output.subarray(end + 1).toString('base64') };
}

const unreadable = (name: string): FileError =>
  new FileError('bad_document', `${name} cannot be shown: it is broken, or has too many pixels`, {
    hint: 'Look at it with a program that knows its kind, with Bash.',
  });
