import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Catalog } from '../catalog/catalog.ts';
import { signatureOf } from '../catalog/signature.ts';
import { Refusal, type KnownCall, type PolicyCall, type Step } from './policy-call.ts';

const MOST_PROBLEMS = 5;

/** Refuses what no tool is called. */
export function known(call: PolicyCall, catalog: Catalog): KnownCall {
  if (call.known !== undefined) return { ...call, known: call.known };
  const server = catalog.unlisted(call.name);
  if (server !== undefined)
    throw new Refusal('server_unavailable', `Nothing was done: ${server.whyUnavailable}`);
  const near = catalog.find(call.name.replaceAll('_', ' ')).map(({ name }) => name);
  const hint =
    near.length > 0 ? ` Did you mean ${near.slice(0, 3).join(', ')}?` : ' find_tools finds others.';
  throw new Refusal('unknown_tool', `No tool is called ${JSON.stringify(call.name.slice(0, 100))}.${hint}`);
}

/** Refuses arguments that do not fit the schema of the tool. */
export function fitting(): Step {
  const checks = new WeakMap<object, ValidateFunction | Error>();
  return async (call, next) => {
    const { name, tool, isSuspended } = call.known;
    // what a suspended tool demands now was not agreed to; the server checks it once it was
    if (!isSuspended) {
      let check = checks.get(tool);
      if (check === undefined) checks.set(tool, (check = compiled(tool.inputSchema)));
      if (check instanceof Error)
        throw new Refusal(
          'invalid_schema',
          `The server describes the arguments of ${name} in a way that cannot be used: ${check.message.slice(0, 200)}`,
        );
      if (!check(call.input)) throw misfit(name, tool.inputSchema, check.errors ?? []);
    }
    return next();
  };
}

function compiled(schema: Readonly<Record<string, unknown>>): ValidateFunction | Error {
  // whatever dialect it names, it is read as the newest, which takes the others' keywords too
  const plain = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
  try {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
    // a pattern of others can take for ever to be tried; the server has to hold it anyway
    ajv.removeKeyword('pattern');
    return ajv.compile(plain);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function misfit(name: string, schema: unknown, errors: readonly ErrorObject[]): Refusal {
  const problems = errors.slice(0, MOST_PROBLEMS).map(({ instancePath, message, params }) => {
    const extra: unknown = params['additionalProperty'];
    return `${instancePath || 'the arguments'} ${message ?? 'do not fit'}${typeof extra === 'string' ? ` (${extra})` : ''}`;
  });
  return new Refusal(
    'invalid_arguments',
    `Nothing was done: ${problems.join('; ')}. It is called as ${name}${signatureOf(schema)}`,
  );
}
