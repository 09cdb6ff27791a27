import { Removal, Update, Upsert } from './bulk';

/** The writes of a revision, as data: each dialect makes its own statement of them. */

export const NODE_UPSERT: Upsert = {
  table: 'nodes',
  columns: {
    id: 'integer',
    cluster_id: 'integer',
    kind_id: 'integer',
    namespace: 'text',
    name: 'text',
    key: 'text',
    uid: 'text',
    level: 'text',
    labels: 'json',
    properties: 'json',
    verdict: 'json',
    hash: 'text',
    created_at: 'bigint',
    updated_at: 'bigint',
    revision: 'integer',
  },
  key: ['id'],
  set: {
    name: 'excluded.name',
    uid: 'excluded.uid',
    level: 'excluded.level',
    labels: 'excluded.labels',
    properties: 'excluded.properties',
    verdict: 'excluded.verdict',
    hash: 'excluded.hash',
    created_at: 'excluded.created_at',
    updated_at: 'excluded.updated_at',
    revision: 'nodes.revision + 1',
  },
  unless: 'nodes.hash = excluded.hash',
};

export const VERDICT_UPDATE: Update = {
  table: 'nodes',
  columns: {
    id: 'integer',
    level: 'text',
    verdict: 'json',
    hash: 'text',
    updated_at: 'bigint',
  },
  key: ['id'],
  set: { revision: 'revision + 1' },
};

export const NODE_REMOVAL: Removal = {
  table: 'nodes',
  columns: { id: 'integer' },
};

export const EDGES_OUT_OF_REMOVAL: Removal = {
  table: 'edges',
  columns: { src: 'integer' },
};

export const EDGES_INTO_REMOVAL: Removal = {
  table: 'edges',
  columns: { dst: 'integer' },
};

export const EDGE_REMOVAL: Removal = {
  table: 'edges',
  columns: { src: 'integer', rel: 'integer', dst: 'integer' },
};

export const EDGE_UPSERT: Upsert = {
  table: 'edges',
  columns: {
    src: 'integer',
    rel: 'integer',
    dst: 'integer',
    required: 'integer',
    details: 'json',
    created_at: 'bigint',
  },
  key: ['src', 'rel', 'dst'],
  set: {
    required: 'excluded.required',
    details: 'excluded.details',
    created_at: 'excluded.created_at',
  },
  unless:
    'edges.required = excluded.required AND edges.details IS NOT DISTINCT FROM excluded.details',
};

export const EVENT_UPSERT: Upsert = {
  table: 'object_events',
  columns: {
    about: 'text',
    reason: 'text',
    source: 'text',
    event_type: 'text',
    message: 'text',
    count: 'integer',
    first_at: 'bigint',
    last_at: 'bigint',
  },
  key: ['about', 'reason', 'source'],
  set: {
    event_type: 'excluded.event_type',
    message: 'excluded.message',
    count: 'excluded.count',
    first_at: 'excluded.first_at',
    last_at: 'excluded.last_at',
  },
};

export const EVENT_REMOVAL: Removal = {
  table: 'object_events',
  columns: { about: 'text', reason: 'text', source: 'text' },
};

export const KIND_STATE_UPSERT: Upsert = {
  table: 'kind_states',
  columns: {
    cluster_id: 'integer',
    kind_id: 'integer',
    state: 'text',
    resource_version: 'text',
    objects: 'integer',
    expected: 'integer',
    message: 'text',
    at: 'bigint',
  },
  key: ['cluster_id', 'kind_id'],
  set: {
    state: 'excluded.state',
    resource_version: 'excluded.resource_version',
    objects: 'excluded.objects',
    expected: 'excluded.expected',
    message: 'excluded.message',
    at: 'excluded.at',
  },
};
