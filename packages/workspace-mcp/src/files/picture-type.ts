const SIGNATURES: readonly (readonly [string, RegExp])[] = [
  ['image/png', /^\x89PNG\r\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];

/** The kind of picture that a model can look at, by its first bytes. */
export function pictureType(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 16).toString('latin1');
  return SIGNATURES.find(([, pattern]) => pattern.test(head))?.[0] ?? null;
}

/** Pixels of the longer edge, and bytes, of a picture that is shown: models make larger ones smaller themselves. */
export const PICTURE = { edge: 1568, bytes: 1_000_000 } as const;
