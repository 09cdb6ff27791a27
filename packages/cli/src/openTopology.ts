import type {
  ExplanationDocument,
  Impact,
  LiveMessage,
  NodeChange,
} from '@kubernetes-topology/engine';
import {
  ClusterStatus,
  QueryAnswer,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { usageFailure } from './failure';
import { lazily } from './lazily';
import { assertNodeForEngine } from './nodeVersion';
import { openPortal } from './portalTopology';
import { ReadingOptions, Source } from './source';
import { shortened } from './textTable';

/** Characters of a message beside an object. */
const LONGEST_REASON = 120;

/** How an object was; times are RFC 3339. */
export interface ObjectHistory {
  id: string;
  /** What was before is not kept. */
  since: string;
  /** The newest first. */
  versions: {
    from: string;
    /** Absent: it is so still. */
    to?: string;
    status: string;
    reason: string;
    message?: string;
    /** What the version before it was replaced with; absent: it appeared. */
    changes?: NodeChange[];
  }[];
  /** Older ones are left out. */
  more: boolean;
}

/** What can be asked, whatever the source is. Whatever goes wrong is a `Failure` that says what to do. */
export interface OpenTopology {
  /** Resolves when queries can be answered at once. A portal always can. */
  ready(): Promise<void>;
  /** In Skydive's form; a wrong one is a `QueryFailure`. */
  query(gremlin: string): Promise<QueryAnswer>;
  /** Also when a cluster cannot be read: then it says so. */
  clusters(): Promise<ClusterStatus[]>;
  /** Of these objects, of these clusters; without either of all. The most severe first. */
  incidents(options: {
    keys?: readonly string[];
    clusters?: readonly string[];
  }): Promise<ExplanationDocument>;
  /** What breaks if an object goes; at most so many objects are named. */
  impact(id: string, limit: number): Promise<Impact | undefined>;
  history(
    id: string,
    options: { from?: number; to?: number; limit: number },
  ): Promise<ObjectHistory>;
  /** A query's answer and then what changes in it, until the signal is aborted. */
  live(
    gremlin: string,
    signal: AbortSignal,
  ): AsyncGenerator<LiveMessage, void, undefined>;
  /** Why objects are not well, as far as it is known: `<reason>: <message>` by id. */
  reasons(ids: readonly string[]): Promise<Map<string, string>>;
  /** Ends reading and takes away what is temporary. */
  close(): Promise<void>;
}

export async function openTopology(
  source: Source,
  reading: ReadingOptions,
  signal: AbortSignal,
): Promise<OpenTopology> {
  if (source.from === 'portal') {
    return openPortal(source, signal);
  }
  if (source.from === 'graph') {
    assertNodeForEngine();
    const { openGraph } = await lazily(import('./graphTopology'));
    return openGraph(source, reading, signal);
  }
  // Loads for a second: who asks a portal does not wait for it.
  assertNodeForEngine();
  const { EngineTopology } = await lazily(import('./engineTopology'));
  return EngineTopology.open(source, reading, signal);
}

export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** In one line, for a terminal. */
export function reasonText({
  reason,
  message,
}: {
  reason: string;
  message?: string;
}): string {
  return message ? `${reason}: ${shortened(message, LONGEST_REASON)}` : reason;
}

/** The end that the caller asked for is no failure. */
export async function* untilAborted<T>(
  messages: AsyncGenerator<T, void, undefined>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* messages;
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}

/** Of a source that does not know: rejects with a `Failure` that says which do. */
export function cannotTell(
  what: string,
  { from }: Source,
): () => Promise<never> {
  const it = from === 'graph' ? 'a saved graph' : 'this source';
  return async () => {
    throw usageFailure(
      `${it} does not tell ${what}; ask a portal (--portal), a cluster (--kubeconfig) or a dump (--from)`,
    );
  };
}

/** Asks one question of a source, and closes it. */
export async function withTopology<T>(
  topology: Promise<OpenTopology>,
  ask: (topology: OpenTopology) => Promise<T>,
): Promise<T> {
  const opened = await topology;
  try {
    return await ask(opened);
  } finally {
    await opened.close();
  }
}
