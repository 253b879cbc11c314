import type { Mount } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';

const NAME = /^(?!\.{1,2}$)[^/\u0000-\u001f\u007f]{1,128}$/u;

/** The folders of a sandbox by their names. */
export class Mounted {
  readonly #mounts = new Map<string, Mount>();

  get all(): readonly Mount[] {
    return [...this.#mounts.values()];
  }

  /** @throws SandboxError `mount_name_invalid` or `mount_name_taken` */
  claim(mount: Mount): void {
    const { name } = mount;
    if (!NAME.test(name)) {
      const hint = 'A name has no slash and no control characters, and at most 128 characters';
      throw new SandboxError('mount_name_invalid', `${JSON.stringify(name)} is no name of a folder`, {
        hint,
      });
    }
    if (this.#mounts.has(name)) {
      const hint = 'Choose another name, or unmount that one first';
      throw new SandboxError('mount_name_taken', `${name} is mounted already`, { hint });
    }
    this.#mounts.set(name, mount);
  }

  free(name: string): void {
    this.#mounts.delete(name);
  }

  /** @throws SandboxError `mount_unknown` */
  expect(name: string): void {
    if (this.#mounts.has(name)) return;
    const hint = `Mounted are: ${[...this.#mounts.keys()].join(', ') || 'none'}`;
    throw new SandboxError('mount_unknown', `nothing is mounted as ${name}`, { hint });
  }
}
