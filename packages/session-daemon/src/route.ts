import { z } from 'zod';
import { ApiError } from './api-error.ts';

/** What a request gives to its route. */
export interface Asked<B, Q> {
  /** Of the session that the path names, or that is to be. */
  readonly id: string;
  readonly body: B;
  readonly query: Q;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Shape = z.ZodType;

interface Declared<B extends Shape, Q extends Shape> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `{id}` in the place of a session's id; a part of an id or `last` does as well. */
  readonly path: string;
  readonly about: string;
  /** The name of what it does in the ledger, where it is kept there. */
  readonly act?: string;
  readonly body?: B;
  readonly query?: Q;
  /** Of what the answer is made; none is 204. */
  readonly answers?: z.ZodType;
  readonly run: (asked: Asked<z.output<B>, z.output<Q>>) => Promise<unknown>;
}

/** One thing that clients can ask for. */
export interface Route extends Omit<Declared<Shape, Shape>, 'run' | 'body' | 'query'> {
  readonly body: Shape;
  readonly query: Shape;
  readonly run: (asked: Asked<unknown, unknown>) => Promise<unknown>;
}

const nothing = z.strictObject({});

/** A route whose `run` gets what its schemas make of a request. */
export function route<B extends Shape = typeof nothing, Q extends Shape = typeof nothing>(
  declared: Declared<B, Q>,
): Route {
  const { run, body, query, ...rest } = declared;
  return {
    ...rest,
    body: body ?? nothing,
    query: query ?? nothing,
    run: (asked) =>
      run({
        ...asked,
        body: parse(body, asked.body),
        query: parse(query, asked.query),
      }),
  };
}

/** @throws ZodError */
function parse<S extends Shape>(schema: S | undefined, value: unknown): z.output<S> {
  if (schema !== undefined) return schema.parse(value);
  return z.custom<z.output<S>>().parse(nothing.parse(value));
}

/** The route of a request. @throws ApiError 404, 405 */
export function find(
  routes: readonly Route[],
  { method, path }: { readonly method: string; readonly path: string },
): { readonly route: Route; readonly id: string } {
  const here = routes.flatMap((one) => {
    const [, id = ''] = patternOf(one).exec(path) ?? [];
    return patternOf(one).test(path) ? [{ route: one, id }] : [];
  });
  const found = here.find((one) => one.route.method === method);
  if (found !== undefined) return found;
  const hint = 'What there is: GET /openapi.json';
  if (here.length === 0) throw new ApiError(404, 'unknown', { message: `There is nothing at ${path}`, hint });
  const methods = here.map((one) => one.route.method).join(', ');
  throw new ApiError(405, 'method', { message: `${path} takes ${methods}, not ${method}`, hint });
}

const patternOf = ({ path }: Route): RegExp => new RegExp(`^${path.replace('{id}', '([0-9A-Za-z]+)')}$`);

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

/** The routes as an OpenAPI document. */
export function openApi(routes: readonly Route[], version: string): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of routes) (paths[one.path] ??= {})[one.method.toLowerCase()] = operation(one);
  return {
    openapi: '3.1.0',
    info: { title: 'deskhand daemon', version },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Error: schemaOf(z.object({ code: z.string(), message: z.string(), hint: z.string() })),
      },
    },
  };
}

function operation({ path, about, body, query, answers, method }: Route): unknown {
  const inPath = path.includes('{id}')
    ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
    : [];
  const inQuery = Object.entries(query instanceof z.ZodObject ? query.shape : {}).map(([name, schema]) => ({
    ...{ name, in: 'query', schema: schema instanceof z.ZodType ? schemaOf(schema) : {} },
  }));
  const parameters = [...inPath, ...inQuery];
  return {
    summary: about,
    ...(parameters.length > 0 && { parameters }),
    ...(method === 'POST' && { requestBody: { content: json(schemaOf(body)) } }),
    responses: {
      ...(answers === undefined
        ? { 204: { description: 'Done' } }
        : { 200: { description: 'OK', content: json(schemaOf(answers)) } }),
      default: { description: 'Refused', content: json({ $ref: '#/components/schemas/Error' }) },
    },
  };
}

const json = (schema: unknown) => ({ 'application/json': { schema } });
