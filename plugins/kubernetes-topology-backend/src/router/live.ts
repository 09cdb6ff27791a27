import { isError, ServiceUnavailableError } from '@backstage/errors';
import {
  LiveMessage,
  TooManySubscribersError,
} from '@kubernetes-topology/engine';
import type { Request, Router } from 'express';
import { EventStream } from '../live/eventStream';
import { Reader } from '../permissions/topologyAccess';
import { audited } from './audited';
import { queryOf } from './input';
import { rethrowFaultOf } from './query';
import { RouteServices } from './routeServices';

/** What a reader may see is looked at again so often, in milliseconds. */
const REVIEW_EVERY = 60_000;

interface LiveQuery {
  query: string;
  since?: number;
}

/**
 * `GET /live`: a query's answer and what changes in it, as server-sent events. Each has the revision as its id, so that
 * a client that comes back with `Last-Event-ID` (or `since`) hears only what it has missed.
 */
export function addLive(router: Router, services: RouteServices): void {
  router.get('/live', async (request, response) => {
    const reader = await services.access.reader(request);
    const { query, since } = queryOf<LiveQuery>(request);
    const begun = await audited(
      services.auditor,
      {
        eventId: 'topology-read',
        severityLevel: 'low',
        request,
        meta: { queryType: 'live', query },
      },
      () =>
        begin(services, reader, { query, since: lastHeard(request, since) }),
    );
    const stream = new EventStream(response);
    await follow(services, { query, reader, begun, stream });
    stream.end();
  });
}

interface Begun {
  first: LiveMessage | undefined;
  messages: AsyncGenerator<LiveMessage, void, undefined>;
  stop: AbortController;
}

/** The first message comes before any header, so that a faulty query is answered as such. */
async function begin(
  { live }: RouteServices,
  { filter }: Reader,
  { query, since }: LiveQuery,
): Promise<Begun> {
  const stop = new AbortController();
  const messages = live(query, { filter, since, signal: stop.signal });
  const { value } = await messages.next().catch(error => {
    if (error instanceof TooManySubscribersError) {
      throw new ServiceUnavailableError(error.message);
    }
    return rethrowFaultOf(error);
  });
  return { first: value ?? undefined, messages, stop };
}

/** Until the client goes, the query fails, or the policy denies; when it shows more or less, begins again. */
async function follow(
  services: RouteServices,
  {
    query,
    stream,
    ...start
  }: { query: string; reader: Reader; begun: Begun; stream: EventStream },
): Promise<void> {
  let { reader, begun } = start;
  while (!stream.signal.aborted) {
    const { stop, messages, first } = begun;
    const current = reader;
    let next: Reader | 'denied' | undefined;
    const end = () => stop.abort();
    stream.signal.addEventListener('abort', end);
    const review = setInterval(async () => {
      const found = await reviewed(services, current);
      if (found !== 'same') {
        next = found;
        end();
      }
    }, REVIEW_EVERY);
    try {
      if (first) {
        await send(stream, first);
      }
      for await (const message of messages) {
        await send(stream, message);
      }
    } finally {
      clearInterval(review);
      stream.signal.removeEventListener('abort', end);
    }
    if (next === undefined || next === 'denied') {
      return;
    }
    reader = next;
    try {
      begun = await begin(services, reader, { query });
    } catch (error) {
      await stream.send('failed', { message: messageOf(error) });
      return;
    }
  }
}

async function reviewed(
  { access }: RouteServices,
  { credentials, filter }: Reader,
): Promise<Reader | 'denied' | 'same'> {
  try {
    const now = await access.readerWith(credentials);
    return JSON.stringify(now.filter) === JSON.stringify(filter) ? 'same' : now;
  } catch (error) {
    // Only a policy's word ends it; while the policy cannot be asked, what it said holds.
    return isError(error) && error.name === 'NotAllowedError'
      ? 'denied'
      : 'same';
  }
}

async function send(stream: EventStream, message: LiveMessage): Promise<void> {
  const { type, ...data } = message;
  await stream.send(
    type,
    data,
    'revision' in message ? message.revision : undefined,
  );
}

function lastHeard(
  request: Request,
  since: number | undefined,
): number | undefined {
  const header = Number(request.get('Last-Event-ID') || NaN);
  return Number.isSafeInteger(header) ? header : since;
}

function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
