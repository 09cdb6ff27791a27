import { JsonObject, JsonValue } from '@backstage/types';
import { createParser } from 'eventsource-parser';

/** A node or an edge in Skydive's result form; `ID` tells it from all others. */
export type LiveElement = JsonObject & { ID: string };

/** What a live query tells; `revision` is where to go on from after a drop. The same change may be told twice. */
export type LiveEvent =
  /** The whole answer: at the start, and where changes cannot be told one by one. */
  | { type: 'answer'; revision: number; value: JsonValue; cut?: string }
  | {
      type: 'changes';
      revision: number;
      added: LiveElement[];
      changed: LiveElement[];
      /** `ID`s. */
      removed: string[];
    }
  /** There is nothing more. */
  | { type: 'failed'; message: string };

/** The events of a response of `GET /live`, until it ends. */
export async function* liveEvents(
  response: Response,
): AsyncGenerator<LiveEvent, void, undefined> {
  const events: LiveEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      events.push({ type: event, ...JSON.parse(data) } as LiveEvent);
    },
  });
  const decoder = new TextDecoder();
  // Node's fetch and the browsers' both have readers; only some have async iteration.
  const reader = response.body!.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      parser.feed(decoder.decode(value, { stream: true }));
      yield* events.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
