import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';

const inPackage = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

describe('the package', () => {
  it('runs where there is neither process nor Buffer nor any module of Node', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [inPackage('dist/index.js')],
      bundle: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'policy',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    expect(Object.keys(metafile.inputs).filter((input) => input.includes('node_modules'))).toEqual([]);
    const code = outputFiles[0]?.text ?? '';
    const answer: unknown = vm.runInNewContext(
      `${code}; policy.decide({
        action: { tool: 'left_click' },
        frontmost: { kind: 'app', app: { platform: 'linux', executable: '/usr/bin/mousepad', pid: 1, ownerUid: 0 } },
        grants: [{ app: 'linux:/usr/bin/mousepad', decision: 'allow' }],
        policy: policy.DEFAULT_POLICY,
      }).code + ' ' + typeof process + ' ' + typeof Buffer`,
      {},
    );
    expect(answer).toBe('allowed undefined undefined');
  });

  it('depends on nothing', async () => {
    const text = await readFile(inPackage('package.json'), 'utf8');
    const manifest: unknown = JSON.parse(text);
    expect(manifest).not.toHaveProperty('dependencies');
  });
});
