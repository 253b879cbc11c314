import { CATALOGUE } from '../catalogue.ts';
import type { AppIdentity, Platform } from '../identity.ts';
import { isAbsolutePath } from '../path-text.ts';

export interface Description {
  readonly platform: Platform;
  /** The command line after the program's own name. */
  readonly argv?: readonly string[];
}

const PLACES: Readonly<Record<Platform, (name: string) => string>> = {
  linux: (name) => `/usr/bin/${name}`,
  macos: (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  windows: (name) => `C:\\Program Files\\${name}\\${name}.exe`,
};

const isExact = (name: string): boolean => !/[*/]/.test(name);

/** The file name behind a catalogue name such as `Firefox`. */
const programNamed = (name: string, platform: Platform): string => {
  const entry = CATALOGUE.entries.find(
    (candidate) =>
      candidate.name?.toLowerCase() === name.toLowerCase() &&
      (candidate.platform === undefined || candidate.platform === platform),
  );
  return entry?.exe?.find(isExact) ?? name;
};

const isReverseDomain = (text: string): boolean => /^[a-z][\w-]*(\.[\w-]+){2,}$/i.test(text);

const platformOf = (text: string, otherwise: Platform): Platform => {
  if (/^([a-z]:[\\/]|\\\\)|\.exe$/i.test(text)) return 'windows';
  return /\.app\//.test(text) ? 'macos' : otherwise;
};

/** An identity for what a person typed: a path, a bundle or flatpak id, a catalogue name or a file name. */
export const describedApp = (text: string, { platform: otherwise, argv }: Description): AppIdentity => {
  const platform = platformOf(text, otherwise);
  const more = argv === undefined ? {} : { argv: [text, ...argv] };
  const base = { platform, pid: 0, ownerUid: null, ...more };
  if (isAbsolutePath(text)) return { ...base, executable: text };
  if (isReverseDomain(text) && platform !== 'windows') {
    const place = PLACES[platform](text.split('.').at(-1) ?? text);
    return platform === 'macos'
      ? { ...base, executable: place, bundleId: text }
      : { ...base, executable: place, flatpakId: text };
  }
  return { ...base, executable: PLACES[platform](programNamed(text.replace(/\.exe$/i, ''), platform)) };
};
