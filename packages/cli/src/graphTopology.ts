import { stat } from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import {
  GremlinError,
  openSavedGraph,
  SavedGraph,
  SavedGraphError,
} from '@kubernetes-topology/engine';
import { QueryAnswer } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { usageFailure } from './failure';
import { unlessAborted } from './interrupt';
import { LARGEST_INPUT, readInput } from './readInput';
import { cannotTell, OpenTopology } from './openTopology';
import { remark } from './output/outputForm';
import { QueryFailure } from './queryFailure';
import { GraphSource, ReadingOptions } from './source';

/**
 * A saved topology, as Skydive and `-o skydive` write it: what it holds can be queried, and nothing more is known.
 *
 * @throws Failure when it cannot be read
 */
export async function openGraph(
  source: GraphSource,
  { rows }: Pick<ReadingOptions, 'rows'>,
  signal: AbortSignal,
): Promise<OpenTopology> {
  const bounds = rows === undefined ? {} : { rows };
  const graph = await openFile(source.path, bounds, signal);
  for (const omitted of graph.omitted) {
    remark(`left out of ${source.path}: ${omitted}`);
  }
  return {
    ready: async () => undefined,
    query: gremlin => ask(graph, gremlin),
    clusters: cannotTell('how well clusters are read', source),
    incidents: cannotTell('why objects are down', source),
    impact: cannotTell('what breaks', source),
    history: cannotTell('the past', source),
    // eslint-disable-next-line require-yield
    async *live() {
      await cannotTell('what changes', source)();
    },
    reasons: async () => new Map(),
    close: () => graph.close(),
  };
}

async function openFile(
  path: string,
  bounds: { rows?: number },
  signal: AbortSignal,
): Promise<SavedGraph> {
  const bytes =
    path === '-'
      ? await unlessAborted(signal, readInput())
      : await fileBytes(path);
  try {
    return await openSavedGraph(bytes, { bounds });
  } catch (error) {
    if (error instanceof SavedGraphError) {
      throw usageFailure(
        `${path === '-' ? 'standard input' : path}: ${error.message}`,
      );
    }
    throw error;
  }
}

async function fileBytes(path: string): Promise<Buffer> {
  try {
    if ((await stat(path)).size > LARGEST_INPUT) {
      throw usageFailure(`${path} is larger than ${LARGEST_INPUT} bytes`);
    }
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined
      ? error
      : usageFailure(
          `${path} cannot be read (${code}); --graph takes a file, or - for standard input`,
        );
  }
}

async function ask(graph: SavedGraph, gremlin: string): Promise<QueryAnswer> {
  if (gremlin.trim() === '') {
    return { value: null };
  }
  try {
    return (await graph.query(gremlin)) as QueryAnswer;
  } catch (error) {
    if (error instanceof GremlinError) {
      throw new QueryFailure(error.message, error.excerpt);
    }
    throw error;
  }
}
