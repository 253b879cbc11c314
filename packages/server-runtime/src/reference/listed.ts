import { isRecord } from '../digest.ts';

/**
 * The properties of a JSON schema that are offered. One with `meta({ unlisted: true })`, such as a name that other
 * programs have for an argument, is taken without that.
 */
export const listed = (properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(properties).filter(([, property]) => !isRecord(property) || property.unlisted !== true),
  );
