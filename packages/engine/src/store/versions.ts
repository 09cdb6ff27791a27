import { Knex } from 'knex';
import { Bulk, Columns, Copy, Row } from './bulk';

function nodeCopy(columns: Columns, removed: 0 | 1, where: string): Copy {
  return {
    from: 'nodes',
    into: 'node_versions',
    columns: { ...columns, at: 'bigint' },
    key: ['id'],
    set: {
      id: 'former.id',
      cluster_id: 'former.cluster_id',
      kind_id: 'former.kind_id',
      namespace: 'former.namespace',
      name: 'former.name',
      key: 'former.key',
      uid: 'former.uid',
      level: 'former.level',
      labels: 'former.labels',
      properties: 'former.properties',
      verdict: 'former.verdict',
      created_at: 'former.created_at',
      valid_from: 'former.updated_at',
      valid_to: 'given.at',
      revision: 'former.revision',
      removed: String(removed),
    },
    where,
  };
}

/** An edge that came and went at one moment was never there for any reader. */
function edgeCopy(
  columns: Columns,
  key: readonly string[],
  where: string,
): Copy {
  return {
    from: 'edges',
    into: 'edge_versions',
    columns: { ...columns, cluster_id: 'integer', at: 'bigint' },
    key,
    set: {
      cluster_id: 'given.cluster_id',
      src: 'former.src',
      rel: 'former.rel',
      dst: 'former.dst',
      required: 'former.required',
      details: 'former.details',
      valid_from: 'former.created_at',
      valid_to: 'given.at',
    },
    where: `former.created_at < given.at AND ${where}`,
  };
}

const ALWAYS = '1 = 1';

/** Of nodes that are written anew: only what differs is a version, and a heartbeat does not. */
const NODE_CLOSING = nodeCopy(
  { id: 'integer', hash: 'text' },
  0,
  'former.updated_at < given.at AND former.hash <> given.hash',
);

/** Even of a node that changed at the same moment: the last version says who it was. */
const NODE_END = nodeCopy({ id: 'integer' }, 1, ALWAYS);

const EDGE_CLOSING = edgeCopy(
  {
    src: 'integer',
    rel: 'integer',
    dst: 'integer',
    required: 'integer',
    details: 'json',
  },
  ['src', 'rel', 'dst'],
  '(former.required <> given.required OR former.details IS DISTINCT FROM given.details)',
);

const EDGE_END = edgeCopy(
  { src: 'integer', rel: 'integer', dst: 'integer' },
  ['src', 'rel', 'dst'],
  ALWAYS,
);

const EDGES_OUT_OF_END = edgeCopy({ src: 'integer' }, ['src'], ALWAYS);

const EDGES_INTO_END = edgeCopy({ dst: 'integer' }, ['dst'], ALWAYS);

/** What a batch is about to change or take away. Called before it does. */
export class Versions {
  readonly #trx: Knex.Transaction;
  readonly #bulk: Bulk;
  readonly #clusterId: number;
  readonly #at: number;

  constructor(
    trx: Knex.Transaction,
    bulk: Bulk,
    batch: { clusterId: number; at: number },
  ) {
    this.#trx = trx;
    this.#bulk = bulk;
    this.#clusterId = batch.clusterId;
    this.#at = batch.at;
  }

  /** Nodes that are there with another hash. */
  async closeNodes(
    nodes: readonly { id: number; hash: string }[],
  ): Promise<void> {
    await this.#copy(
      NODE_CLOSING,
      nodes.map(({ id, hash }) => [id, hash, this.#at]),
    );
  }

  async endNodes(ids: readonly number[]): Promise<void> {
    await this.#copy(
      NODE_END,
      ids.map(id => [id, this.#at]),
    );
  }

  /** @param edges source, relation, target, required, details */
  async closeEdges(edges: readonly Row[]): Promise<void> {
    await this.#copy(EDGE_CLOSING, this.#edges(edges, 5));
  }

  /** @param edges source, relation, target */
  async endEdges(edges: readonly Row[]): Promise<void> {
    await this.#copy(EDGE_END, this.#edges(edges, 3));
  }

  async endEdgesOf(
    nodes: readonly number[],
    end: 'src' | 'dst',
  ): Promise<void> {
    await this.#copy(
      end === 'src' ? EDGES_OUT_OF_END : EDGES_INTO_END,
      nodes.map(id => [id, this.#clusterId, this.#at]),
    );
  }

  #edges(edges: readonly Row[], fields: number): Row[] {
    return edges.map(edge => [
      ...edge.slice(0, fields),
      this.#clusterId,
      this.#at,
    ]);
  }

  async #copy(statement: Copy, rows: readonly Row[]): Promise<void> {
    await this.#bulk.copy(this.#trx, statement, rows);
  }
}
