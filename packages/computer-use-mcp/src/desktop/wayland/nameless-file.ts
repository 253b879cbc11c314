import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The descriptor of a file without a name that holds `bytes`, for handing them to the compositor. */
export function descriptorOf(bytes: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-wayland-'));
  try {
    const path = join(folder, 'bytes');
    writeFileSync(path, bytes, { mode: 0o600 });
    return openSync(path, 'r+');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
