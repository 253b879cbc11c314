import type { Property } from 'x11';
import type { XConnection } from '../connection.ts';

const NAMES = [
  'ATOM_PAIR',
  'CLIPBOARD',
  'CLIPBOARD_MANAGER',
  'DELETE',
  'DESKHAND_CLIPBOARD',
  'INCR',
  'INSERT_PROPERTY',
  'INSERT_SELECTION',
  'MULTIPLE',
  'SAVE_TARGETS',
  'TARGETS',
  'TEXT',
  'TIMESTAMP',
  'UTF8_STRING',
  'text/plain',
  'text/plain;charset=utf-8',
  'x-kde-passwordManagerHint',
] as const;

/** Atoms that the protocol numbers itself. */
const FIXED = { ATOM: 4, INTEGER: 19, STRING: 31 } as const;

type SelectionAtomName = (typeof NAMES)[number] | keyof typeof FIXED;

/** What a selection can be asked for, by name. */
export type SelectionAtoms = (name: SelectionAtomName) => number;

export async function internSelectionAtoms(x: XConnection): Promise<SelectionAtoms> {
  const interned = await Promise.all(
    NAMES.map(async (name) => {
      const atom = await x.ask<number>((reply) => x.client.InternAtom(false, name, reply));
      return [name, atom] as const;
    }),
  );
  const atoms = new Map<string, number>([...interned, ...Object.entries(FIXED)]);
  return (name) => {
    const atom = atoms.get(name);
    if (atom === undefined) throw new Error(`atom ${name} was not interned`);
    return atom;
  };
}

export type Format = 8 | 16 | 32;

/** One form of what a selection holds, as it is put into a property. */
export interface Form {
  readonly type: number;
  readonly format: Format;
  readonly data: Buffer;
}

/** What a selection holds, by target: the same thing in several forms. */
export type Contents = ReadonlyMap<number, Form>;

export const NOTHING: Contents = new Map();

const LATIN1 = /^[\t\n\r\u0020-\u007e\u00a0-\u00ff]*$/u;

/** A text in the forms that programs ask for. */
export function contentsOfText(text: string, atoms: SelectionAtoms): Contents {
  const utf8 = Buffer.from(text, 'utf8');
  const form = (type: number, data = utf8): Form => ({ type, format: 8, data });
  return new Map([
    [atoms('UTF8_STRING'), form(atoms('UTF8_STRING'))],
    [atoms('text/plain;charset=utf-8'), form(atoms('text/plain;charset=utf-8'))],
    [atoms('TEXT'), form(atoms('UTF8_STRING'))],
    ...(LATIN1.test(text)
      ? ([[atoms('STRING'), form(atoms('STRING'), Buffer.from(text, 'latin1'))]] as const)
      : []),
  ]);
}

/** 32-bit values as a property holds them. */
export function words(values: readonly number[]): Buffer {
  const data = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => data.writeUInt32LE(value >>> 0, index * 4));
  return data;
}

/** The values of a property of 32 bits; none for another format. */
export const valuesOf = ({ format, data }: Pick<Property, 'format' | 'data'>): readonly number[] =>
  format === 32 ? Array.from({ length: data.length >> 2 }, (_, at) => data.readUInt32LE(at * 4)) : [];
