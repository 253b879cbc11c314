import { sha256, type Json } from '../canonical-json.ts';
import type { LedgerRow } from '../row.ts';
import { callsOf, happenings, type Call, type Result } from './calls.ts';
import type { FolderRow } from './ledger-reader.ts';

const KIND_SERVER = 2;
const STATUS_ERROR = 2;

// an interface would not be Json
type Attribute = { readonly key: string; readonly value: Json };

const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } });

/**
 * Traces in the JSON form of OTLP: a trace for each run, a span for each call, named and described by the semantic
 * conventions of OpenTelemetry for generative AI and MCP. The same rows give the same ids.
 */
export function otelTraces(rows: readonly FolderRow[]): Json {
  const runs = new Map<string, Call[]>();
  for (const call of callsOf(happenings(rows))) {
    const key = JSON.stringify([call.intent.run, call.intent.surface]);
    const others = runs.get(key);
    if (others === undefined) runs.set(key, [call]);
    else others.push(call);
  }
  return { resourceSpans: [...runs.values()].map(resourceSpans) };
}

function resourceSpans(calls: readonly Call[]): Json {
  const { run = '', surface = '' } = calls[0]?.intent ?? {};
  return {
    resource: { attributes: [text('service.name', surface), text('service.instance.id', run)] },
    scopeSpans: [{ scope: { name: '@deskhand/run-ledger' }, spans: calls.map(span) }],
  };
}

function span({ intent, outcome, notes, result }: Call): Json {
  const start = nanoseconds(intent.ts);
  const end = start + BigInt(Math.round((outcome?.ms ?? 0) * 1e6));
  const failure = errorType(result);
  return {
    traceId: sha256(intent.run).slice(0, 32),
    spanId: intent.hash.slice(0, 16),
    name: `tools/call ${intent.name}`,
    kind: KIND_SERVER,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    attributes: [...attributes(intent), ...(failure === undefined ? [] : [text('error.type', failure)])],
    events: notes.map(event),
    status:
      failure === undefined
        ? {}
        : { code: STATUS_ERROR, message: result.kind === 'unknown' ? 'unknown outcome' : failure },
  };
}

const attributes = ({ name, session, actor, seq }: LedgerRow): Attribute[] => [
  text('mcp.method.name', 'tools/call'),
  text('gen_ai.operation.name', 'execute_tool'),
  text('gen_ai.tool.name', name),
  text('mcp.session.id', session),
  text('deskhand.actor', actor),
  { key: 'deskhand.ledger.seq', value: { intValue: String(seq) } },
];

function errorType(result: Result): string | undefined {
  if (result.kind === 'failed') return result.code;
  return result.kind === 'unknown' ? 'unknown_outcome' : undefined;
}

const event = ({ ts, name, decision }: LedgerRow): Json => ({
  timeUnixNano: String(nanoseconds(ts)),
  name,
  attributes: decision === undefined ? [] : [text('deskhand.decision', JSON.stringify(decision))],
});

const nanoseconds = (ts: string): bigint => BigInt(Date.parse(ts)) * 1_000_000n;
