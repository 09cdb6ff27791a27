import {
  ClusterState,
  ExplanationDocument,
  explanationDocument,
  GremlinError,
  Impact,
  kindText,
  LiveMessage,
  NodeKey,
  parseGremlin,
} from '@kubernetes-topology/engine';
import {
  ClusterStatus,
  QueryAnswer,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { EngineRun } from './engineRun';
import { Failure } from './failure';
import { failingText } from './firstLists';
import {
  ObjectHistory,
  OpenTopology,
  reasonText,
  timeText,
  untilAborted,
} from './openTopology';
import { QueryFailure } from './queryFailure';
import { ClusterSource, FileSource, ReadingOptions } from './source';
import { kindTrouble } from './clusterTables';

/** Named in one remark; `clusters` tells all. */
const KINDS_NAMED = 5;
const MOST_INCIDENTS = 1_000;

/** What this process reads itself, of one cluster or of files. */
export class EngineTopology implements OpenTopology {
  readonly #run: EngineRun;
  readonly #source: ClusterSource | FileSource;
  #listed: Promise<ClusterState> | undefined;
  #ready: Promise<void> | undefined;

  /** @throws Failure, Interrupted */
  static async open(
    source: ClusterSource | FileSource,
    reading: ReadingOptions,
    signal: AbortSignal,
  ): Promise<EngineTopology> {
    return new EngineTopology(
      source,
      await EngineRun.create(source, reading, signal),
    );
  }

  private constructor(source: ClusterSource | FileSource, run: EngineRun) {
    this.#source = source;
    this.#run = run;
  }

  ready(): Promise<void> {
    this.#ready ??= this.#firstLists().then(state =>
      this.#assertReadable(state),
    );
    return this.#ready;
  }

  async query(gremlin: string): Promise<QueryAnswer> {
    try {
      if (gremlin.trim() === '') {
        return { value: null };
      }
      // Before the lists: a wrong query need not wait for them.
      parseGremlin(gremlin);
      await this.ready();
      return (await this.#run.engine.query(gremlin)) as QueryAnswer;
    } catch (error) {
      if (error instanceof GremlinError) {
        throw new QueryFailure(error.message, error.excerpt);
      }
      throw error;
    }
  }

  async clusters(): Promise<ClusterStatus[]> {
    const state = await this.#firstLists();
    return [clusterStatus(state)];
  }

  async incidents({
    keys,
    clusters,
  }: Parameters<OpenTopology['incidents']>[0]): Promise<ExplanationDocument> {
    await this.ready();
    return explanationDocument(
      await this.#run.engine.incidents({
        ...(keys && { keys: keys as NodeKey[] }),
        ...(clusters && { clusters }),
        limit: MOST_INCIDENTS,
      }),
    );
  }

  async impact(id: string, limit: number): Promise<Impact | undefined> {
    await this.ready();
    return this.#run.engine.impact(id, { limit });
  }

  async history(
    id: string,
    options: Parameters<OpenTopology['history']>[1],
  ): Promise<ObjectHistory> {
    await this.ready();
    const { versions, since, more } = await this.#run.engine.history(
      id,
      options,
    );
    return {
      id,
      since: timeText(since),
      versions: versions.map(({ from, to, node: { verdict }, changes }) => ({
        from: timeText(from),
        ...(to !== undefined && { to: timeText(to) }),
        status: verdict.level,
        reason: verdict.reason,
        ...(verdict.message && { message: verdict.message }),
        ...(changes && { changes }),
      })),
      more,
    };
  }

  async *live(
    gremlin: string,
    signal: AbortSignal,
  ): AsyncGenerator<LiveMessage, void, undefined> {
    try {
      yield* untilAborted(this.#run.engine.live(gremlin, { signal }), signal);
    } catch (error) {
      if (error instanceof GremlinError) {
        throw new QueryFailure(error.message, error.excerpt);
      }
      throw error;
    }
  }

  async reasons(ids: readonly string[]): Promise<Map<string, string>> {
    await this.ready();
    const nodes = await this.#run.engine.nodes(ids);
    return new Map(nodes.map(({ key, verdict }) => [key, reasonText(verdict)]));
  }

  async close(): Promise<void> {
    await this.#run.stop();
  }

  #firstLists(): Promise<ClusterState> {
    this.#listed ??= this.#run.firstLists();
    return this.#listed;
  }

  #assertReadable(state: ClusterState): void {
    if (state.state === 'failing') {
      throw new Failure(
        this.#source.from === 'files' && isWithoutObjects(state)
          ? `${pathText(
              this.#source,
            )} holds no objects of Kubernetes; give manifests, or what "kubectl get … -o json" wrote`
          : `${state.name} cannot be read: ${failingText(state)}`,
      );
    }
    const { kinds } = clusterStatus(state);
    const unreadable = kinds.filter(kind => kindTrouble(kind) === 'unreadable');
    if (unreadable.length > 0) {
      const named = unreadable
        .slice(0, KINDS_NAMED)
        .map(({ kind }) => kind)
        .join(', ');
      const more = unreadable.length - KINDS_NAMED;
      process.stderr.write(
        `kube-topology: what refers to these is unknown, as they cannot be read: ${named}${
          more > 0 ? ` and ${more} more` : ''
        }; "kube-topology clusters" with the same source says why\n`,
      );
    }
  }
}

function pathText({ path }: FileSource): string {
  return path === '-' ? 'standard input' : path;
}

function isWithoutObjects({ kinds }: ClusterState): boolean {
  return kinds.length > 0 && kinds.every(({ state }) => state === 'absent');
}

/** As the portal tells it. */
function clusterStatus(state: ClusterState): ClusterStatus {
  const { name, message, at, kinds, progress } = state;
  return {
    name,
    state: state.state,
    message: state.state === 'failing' ? failingText(state) : message,
    at,
    ...(progress && {
      progress: {
        kinds: progress.ofKinds,
        kindsDone: progress.kinds,
        percent: progress.percent,
      },
    }),
    kinds: kinds.map(kind => ({
      kind: kindText(kind.kind),
      state: kind.state,
      objects: kind.state === 'listed' ? kind.objects : 0,
      message: ('message' in kind && kind.message) || '',
    })),
  };
}
