import { z } from 'zod';
import { invalid } from './api-error.ts';

const count = z.int().min(0).optional();
const number = z.number().optional();
const names = z.array(z.string());
const type = z.enum(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);

/** What draft 2020-12 says of the shapes of its keywords; others are taken as they are. */
const schema = z.looseObject({
  type: z.union([type, z.array(type).min(1)]).optional(),
  ...{ title: z.string().optional(), description: z.string().optional(), $ref: z.string().optional() },
  ...{ enum: z.array(z.unknown()).optional(), required: names.optional() },
  ...{ minimum: number, maximum: number, exclusiveMinimum: number, exclusiveMaximum: number },
  ...{ minLength: count, maxLength: count, minItems: count, maxItems: count },
  ...{ multipleOf: z.number().positive().optional(), pattern: z.string().optional() },
  get properties() {
    return z.record(z.string(), part).optional();
  },
  get $defs() {
    return z.record(z.string(), part).optional();
  },
  get items() {
    return part.optional();
  },
  get additionalProperties() {
    return part.optional();
  },
  get anyOf() {
    return z.array(part).min(1).optional();
  },
  get oneOf() {
    return z.array(part).min(1).optional();
  },
  get allOf() {
    return z.array(part).min(1).optional();
  },
});
const part: z.ZodType = z.lazy(() => z.union([z.boolean(), schema]));

const PROPERTY = /^[a-zA-Z0-9_.-]{1,64}$/;

/** What the service says of the arguments of any tool, also of one that is put off. @throws ApiError */
export function checkSchema(input: Readonly<Record<string, unknown>>, index: number): void {
  const where = `tools.${index}.custom.input_schema`;
  if (['oneOf', 'allOf', 'anyOf'].some((key) => key in input))
    throw invalid(`${where}: input_schema does not support oneOf, allOf, or anyOf at the top level`);
  if (propertiesIn(input).some((name) => !PROPERTY.test(name)))
    throw invalid(`${where}.properties: Property keys should match pattern '${PROPERTY.source}'`);
  if (!schema.safeParse(input).success)
    throw invalid(`${where}: JSON schema is invalid. It must match JSON Schema draft 2020-12`);
}

function propertiesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(propertiesIn);
  if (typeof value !== 'object' || value === null) return [];
  const own: unknown = 'properties' in value ? value.properties : null;
  const keys = typeof own === 'object' && own !== null ? Object.keys(own) : [];
  return [...keys, ...Object.values(value).flatMap(propertiesIn)];
}
