import {
  describeSentinel,
  sentinelsOfClass,
  tierOfClass,
  type AppClass,
  type Sentinel,
} from './app-class.ts';
import { CATALOGUE, type Catalogue, type CatalogueEntry } from './catalogue.ts';
import type { AppIdentity } from './identity.ts';
import { hostedProgram, type HostedProgram } from './interpreter.ts';
import { baseName, programName } from './path-text.ts';
import { TIERS } from './tier.ts';

export interface Classification {
  readonly class: AppClass;
  /** For people: the catalogue's name, else the program's file name. */
  readonly name: string;
  readonly sentinels: readonly Sentinel[];
  /** The sentinels in words, one sentence each, for a dialog. */
  readonly warnings: readonly string[];
  /** What a policy may call it besides its identifiers. */
  readonly aliases: readonly string[];
}

const distinct = <T>(items: readonly T[]): T[] => [...new Set(items)];

const build = (
  appClass: AppClass,
  name: string,
  entries: readonly CatalogueEntry[],
  aliases: readonly string[],
): Classification => {
  const sentinels = distinct([
    ...sentinelsOfClass(appClass),
    ...entries.flatMap((entry) => [...sentinelsOfClass(entry.class), ...(entry.sentinels ?? [])]),
  ]);
  return {
    class: appClass,
    name,
    sentinels,
    warnings: sentinels.map(describeSentinel),
    aliases: distinct([...aliases, ...entries.flatMap((entry) => entry.name ?? [])]),
  };
};

/** On macOS a program is also known by the outermost `.app` it stands in. */
const bundleFolder = (path: string): string | null => /\/([^/]+)\.app\//i.exec(path)?.[1] ?? null;

const executableNames = (app: AppIdentity, executable: string): string[] => {
  const folder = app.platform === 'macos' ? bundleFolder(executable) : null;
  return [executable, baseName(executable).replace(/\.exe$/i, ''), ...(folder === null ? [] : [folder])];
};

/** An interpreter inside an application's own bundle is that application, such as Electron in Visual Studio Code. */
const isBundled = (app: AppIdentity, executable: string): boolean => {
  const folder = app.platform === 'macos' ? bundleFolder(executable) : null;
  return folder !== null && app.bundleId !== undefined && !/^(python|electron|java|wine.*)$/i.test(folder);
};

const programOf = (app: AppIdentity): HostedProgram | null =>
  app.executable !== null && isBundled(app, app.executable) ? null : hostedProgram(app);

const entriesOf = (app: AppIdentity, executable: string, catalogue: Catalogue): readonly CatalogueEntry[] => {
  const { platform } = app;
  const program = programOf(app);
  const ids = [
    ...(app.flatpakId === undefined ? [] : catalogue.find('flatpak', app.flatpakId, platform)),
    ...(app.snapId === undefined ? [] : catalogue.find('snap', app.snapId, platform)),
    ...(app.bundleId === undefined ? [] : catalogue.find('bundle', app.bundleId, platform)),
  ];
  const files = executableNames(app, executable).flatMap((name) => catalogue.find('exe', name, platform));
  const programs = (program?.names ?? []).flatMap((name) => [
    ...catalogue.find('script', name, platform),
    ...(program?.isWindows === true ? catalogue.find('exe', name, 'windows') : []),
  ]);
  const wrapped = program?.file === null ? wrappedEntries(program, catalogue, app) : [];
  return distinct([...ids, ...files, ...programs, ...wrapped]);
};

/** A wrapper's arguments may name an executable instead of a script. */
const wrappedEntries = (
  program: HostedProgram,
  catalogue: Catalogue,
  app: AppIdentity,
): readonly CatalogueEntry[] => program.names.flatMap((name) => catalogue.find('exe', name, app.platform));

const rankOf = (entry: CatalogueEntry): number => TIERS.indexOf(tierOfClass(entry.class));

const idOf = (app: AppIdentity): string | undefined => app.flatpakId ?? app.snapId;

const nameOf = (app: AppIdentity, program: HostedProgram | null): string => {
  const id = idOf(app);
  if (id !== undefined) return id.split('.').at(-1) ?? id;
  const file = program?.file ?? program?.names[0];
  if (file !== undefined) return programName(file);
  if (app.executable === null) return 'an unknown program';
  return (app.platform === 'macos' ? bundleFolder(app.executable) : null) ?? programName(app.executable);
};

/**
 * What sort of application this is. An application that several entries fit is the one with the lowest tier; a
 * deleted or unreadable executable is `unknown`, as is an interpreter whose program cannot be told; a window
 * of this project's own is `self`.
 */
export const classify = (app: AppIdentity, catalogue: Catalogue = CATALOGUE): Classification => {
  const program = programOf(app);
  const name = nameOf(app, program);
  if (app.isSelf === true) return build('self', 'Deskhand', [], []);
  if (app.executable === null || app.executableDeleted === true) return build('unknown', name, [], []);
  const aliases = [name, programName(app.executable), ...(program?.names ?? [])];
  const entries = entriesOf(app, app.executable, catalogue).toSorted((a, b) => rankOf(a) - rankOf(b));
  const [entry] = entries;
  if (entry !== undefined) return build(entry.class, entry.name ?? name, entries, aliases);
  if (program === null || idOf(app) !== undefined) return build('app', name, [], aliases);
  return build(program.key === null ? 'unknown' : 'interpreter', name, [], aliases);
};

const escapeSpace = (text: string): string =>
  text.replaceAll(/[%\s\p{Cc}]/gu, (character) => encodeURIComponent(character));

/**
 * The text that binds a grant to an application, or `null` when there is nothing exact to bind it to:
 * `linux:/usr/bin/mousepad`, `flatpak:org.gnome.Maps`, `snap:firefox`, `windows:c:\\...\\app.exe`; for an
 * interpreter also its arguments up to and including the program, or all of them when the program is no file:
 * `linux+argv:/usr/bin/python3.11 /usr/bin/terminator`, with blanks and `%` percent-encoded.
 */
export const appKey = (app: AppIdentity): string | null => {
  if (app.executable === null || app.executableDeleted === true) return null;
  if (app.flatpakId !== undefined) return `flatpak:${app.flatpakId}`;
  if (app.snapId !== undefined) return `snap:${app.snapId}`;
  const path = app.platform === 'windows' ? app.executable.toLowerCase() : app.executable;
  const program = programOf(app);
  if (program === null) return `${app.platform}:${path}`;
  return program.key === null
    ? null
    : `${app.platform}+argv:${[path, ...program.key].map(escapeSpace).join(' ')}`;
};
