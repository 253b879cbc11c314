import { readBlob } from '../blobs.ts';

/** What was recorded, read as JSON; `undefined` when it is not there or not JSON. */
export function recordedJson(folder: string, digest: string | undefined): unknown {
  const bytes = digest === undefined ? undefined : readBlob(folder, digest);
  try {
    return bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined; // a picture
  }
}
