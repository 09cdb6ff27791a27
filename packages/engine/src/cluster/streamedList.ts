import { KubernetesObject } from '../kinds/kindDefinition';
import { ApiError } from './apiError';
import { WatchEvent } from './listWatch';
import { OpenWatch } from './openWatch';

/** Where a streamed list ended; the watch goes on behind it. */
export interface StreamedEnd {
  resourceVersion: string;
  /** Came in one piece with the end, and belongs to the watch. */
  rest: WatchEvent[];
}

/**
 * The objects at the start of a streamed list, about `pageSize` at a time.
 *
 * @param patience milliseconds without any of them after which the server is believed to ignore that we asked for them
 * @throws ApiError also when the stream ends before it said that these were all
 */
export async function* streamedObjects(
  watch: OpenWatch,
  options: { what: string; pageSize: number; patience: number },
): AsyncGenerator<KubernetesObject[], StreamedEnd> {
  let objects: KubernetesObject[] = [];
  for (;;) {
    const events = await nextWithin(watch, options);
    for (const [at, event] of events.entries()) {
      if (event.type !== 'BOOKMARK') {
        objects.push(event.object);
        if (objects.length >= options.pageSize) {
          yield objects;
          objects = [];
        }
      } else if (event.endsInitialEvents) {
        if (objects.length > 0) {
          yield objects;
        }
        const { resourceVersion } = event;
        return { resourceVersion, rest: events.slice(at + 1) };
      }
    }
  }
}

async function nextWithin(
  watch: OpenWatch,
  { what, patience }: { what: string; patience: number },
): Promise<WatchEvent[]> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    watch.close();
  }, patience);
  try {
    const next = await watch.next();
    if (!next.done) {
      return next.value;
    }
  } catch (error) {
    if (!isLate) {
      throw watch.isClosed && !(error instanceof ApiError)
        ? new ApiError(
            'unreachable',
            `Could not ${what}: its connection was given up. Check that the API server is up and reachable from here.`,
          )
        : error;
    }
  } finally {
    clearTimeout(timer);
  }
  throw new ApiError(
    'silent',
    `Could not ${what}: the stream did not say that it was complete. Pages are read instead.`,
  );
}
