// Ends with 0 when node_modules holds what package-lock.json asks for, with 1 when it does not.
import { readFileSync } from 'node:fs';

const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages ?? {};

/** npm writes the second file itself, last, after each install. */
function isInstalled() {
  const [asked, present] = [read('package-lock.json'), read('node_modules/.package-lock.json')];
  const paths = Object.keys(asked).filter((path) => path.includes('node_modules/'));
  const isRight = (path) => {
    const [wanted, found] = [asked[path], present[path]];
    // Left out on purpose: packages for other platforms.
    if (!found) return Boolean(wanted.optional);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  };
  return paths.every(isRight) && Object.keys(present).every((path) => path in asked);
}

try {
  process.exitCode = isInstalled() ? 0 : 1;
} catch {
  // No node_modules yet, or not one of npm's.
  process.exitCode = 1;
}
