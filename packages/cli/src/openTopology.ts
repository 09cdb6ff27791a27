import {
  ClusterStatus,
  QueryAnswer,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { lazily } from './lazily';
import { assertNodeForEngine } from './nodeVersion';
import { openPortal } from './portalTopology';
import { ReadingOptions, Source } from './source';

/** What can be asked, whatever the source is. Whatever goes wrong is a `Failure` that says what to do. */
export interface OpenTopology {
  /** In Skydive's form. */
  query(gremlin: string): Promise<QueryAnswer>;
  /** Also when a cluster cannot be read: then it says so. */
  clusters(): Promise<ClusterStatus[]>;
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
  // Loads for a second: who asks a portal does not wait for it.
  assertNodeForEngine();
  const { EngineTopology } = await lazily(import('./engineTopology'));
  return EngineTopology.open(source, reading, signal);
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
