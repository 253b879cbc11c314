/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * A text with `${VAR}` and `${VAR:-default}` replaced; an empty variable takes its default, as in a shell.
 *
 * @throws Error that names a variable that is not set and has no default
 */
export const expanded = (text: string, env: Environment): string =>
  text.replaceAll(VARIABLE, (_whole, name: string, otherwise: string | undefined) => {
    const value = env[name];
    if (otherwise !== undefined) return value ? value : otherwise;
    if (value === undefined) throw new Error(`the variable ${name} is not set and has no default`);
    return value;
  });
