import { effective, htmlOf, markdownOf, type Sessions } from '@deskhand/agent-host';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { eventStream } from './event-stream.ts';
import { newSession, personAnswer, resumption } from './protocol.ts';
import { openApi, route, type Asked, type Route } from './route.ts';
import { readRun, writeRun } from './run-file.ts';
import type { Runs } from './runs.ts';
import { sessionView, type SessionViews } from './session-view.ts';

/** Event streams at a time: each takes a connection, an open file and a watch. */
const MOST_STREAMS = 256;

export interface House {
  readonly sessions: Sessions;
  readonly runs: Runs;
  readonly views: SessionViews;
  readonly version: string;
  readonly keepAliveMs: number;
}

const format = z.strictObject({ format: z.enum(['markdown', 'html']).default('markdown') });

const cursor = z.strictObject({
  after: z.coerce.number().int().nonnegative().optional(),
  follow: z.string().optional(),
});

/** All that clients can ask for. */
export function routesOf(house: House): readonly Route[] {
  const routes = [...aboutAll(house), ...aboutOne(house), ...aboutLog(house)];
  const document: Route = route({
    ...{ method: 'GET', path: '/openapi.json', about: 'This document', answers: z.looseObject({}) },
    run: (): Promise<unknown> => Promise.resolve(openApi([...routes, document], house.version)),
  });
  return [...routes, document];
}

const aboutAll = ({ runs, views }: House): readonly Route[] => [
  route({
    ...{ method: 'GET', path: '/sessions', about: 'All sessions, newest first' },
    answers: z.object({ sessions: z.array(sessionView) }),
    run: () => Promise.resolve({ sessions: views.list() }),
  }),
  route({
    ...{ method: 'POST', path: '/sessions', about: 'Begin a session with a task', act: 'create' },
    ...{ body: newSession, answers: sessionView },
    run: async ({ id, body }) => {
      await runs.start(id, body);
      return views.one(id);
    },
  }),
];

const aboutOne = (house: House): readonly Route[] => [...itself(house), ...atWork(house)];

const itself = ({ sessions, runs, views }: House): readonly Route[] => [
  route({
    ...{ method: 'GET', path: '/sessions/{id}', about: 'One session', answers: sessionView },
    run: ({ id }) => Promise.resolve(views.one(id)),
  }),
  route({
    ...{
      method: 'DELETE',
      path: '/sessions/{id}',
      act: 'delete',
      about: 'Delete a session that does not run',
    },
    run: async ({ id }) => {
      if (runs.isRunning(id))
        throw new ApiError(409, 'session_busy', {
          message: `Session ${id} runs`,
          hint: `Stop it first: POST /sessions/${id}/stop`,
        });
      await runs.stop(id);
      await sessions.delete(id);
    },
  }),
  route({
    ...{
      method: 'POST',
      path: '/sessions/{id}/fork',
      act: 'fork',
      about: 'A new session that knows what this one knew',
    },
    ...{ body: z.strictObject({ at: z.int().positive().optional() }), answers: sessionView },
    run: async ({ id, body: { at } }) => {
      const fork = await sessions.fork(id, at);
      fork.close();
      const run = readRun(sessions.folderOf(id));
      if (run !== null) writeRun(fork.folder, { ...run, isRunning: false });
      return views.one(fork.id);
    },
  }),
];

/** What changes a session that is at work or may be; each answers how it is then. */
function atWork({ runs, views }: House): readonly Route[] {
  const change = <B extends z.ZodType>(
    path: string,
    {
      run,
      ...about
    }: { about: string; act: string; body: B; run: (asked: Asked<z.output<B>, unknown>) => Promise<void> },
  ): Route =>
    route({
      ...{ ...about, method: 'POST', path: `/sessions/{id}/${path}`, answers: sessionView },
      run: async (asked) => {
        await run(asked);
        return views.one(asked.id);
      },
    });
  return [
    change('messages', {
      ...{ act: 'say', about: 'Say something; a session at rest goes on' },
      body: z.strictObject({ text: z.string().min(1) }),
      run: ({ id, body }) => runs.resume(id, body),
    }),
    change('answers', {
      ...{ act: 'answer', about: 'Answer what it waits for; it goes on' },
      body: personAnswer,
      run: ({ id, body }) => runs.answer(id, body),
    }),
    change('stop', {
      ...{ act: 'stop', about: 'Park a session' },
      body: z.strictObject({}),
      run: ({ id }) => runs.stop(id),
    }),
    change('resume', {
      ...{ act: 'resume', about: 'Go on with a session' },
      body: resumption,
      run: ({ id, body }) => runs.resume(id, body),
    }),
  ];
}

const aboutLog = ({ sessions, runs, views, keepAliveMs }: House): readonly Route[] => [
  route({
    ...{
      method: 'GET',
      path: '/sessions/{id}/export',
      act: 'export',
      about: 'A session to read',
      query: format,
    },
    answers: z.string(),
    run: ({ id, query }) => {
      const events = effective(sessions.read(id));
      const title = events[0]?.kind === 'started' ? events[0].title : id;
      const isHtml = query.format === 'html';
      const type = isHtml ? 'text/html' : 'text/markdown';
      // what a session says was written by others: nothing of it may run here
      const headers = { 'Content-Type': `${type}; charset=utf-8`, 'Content-Security-Policy': 'sandbox' };
      return Promise.resolve(new Response((isHtml ? htmlOf : markdownOf)(title, events), { headers }));
    },
  }),
  route({
    ...{ method: 'GET', path: '/sessions/{id}/events', query: cursor, answers: z.string() },
    about:
      'Its events as an event stream: ids are their numbers; goes on behind Last-Event-ID or `after`; ends with `end` when the session rests, unless `follow` is there',
    run: ({ id, query: { after, follow }, headers }) => {
      if (runs.listeners.size >= MOST_STREAMS) throw tooManyStreams;
      const last = z.coerce.number().int().nonnegative().optional().parse(headers['last-event-id']);
      const from = last ?? after ?? 0;
      return Promise.resolve(
        eventStream({
          reader: sessions.follow(id, from),
          after: from,
          folder: sessions.folderOf(id),
          listen: (hear) => runs.listeners.add(id, hear),
          isOver: () => follow === undefined && !runs.isRunning(id),
          farewell: () => views.one(id),
          keepAliveMs,
        }),
      );
    },
  }),
];

const tooManyStreams = new ApiError(429, 'too_many', {
  message: `${MOST_STREAMS} event streams are open already`,
  hint: 'Close those that nobody reads; what they would say stays in the log.',
});
