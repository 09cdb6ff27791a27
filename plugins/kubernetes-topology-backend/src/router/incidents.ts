import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import { NodeFilter, NodeKey } from '@kubernetes-topology/engine';
import { Impact } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { incidentRecord, incidents } from '../answers/incidents';
import { entitySelections } from '../entity/entitySelections';
import { timeOf } from '../openapi/time';
import { queryOf } from './input';
import { notVisible } from './nodes';
import { rethrowFaultOf } from './query';
import { RouteServices } from './routeServices';

interface IncidentsQuery {
  cluster?: string;
  namespace?: string;
  entityRef?: string;
  limit: number;
}

interface ImpactQuery {
  key: string;
  limit: number;
  at?: string;
}

interface LogQuery {
  cluster?: string;
  since?: string;
  open: boolean;
  limit: number;
}

/** Those of a namespace are chosen from so many. */
const MOST_LOOKED_AT = 1000;

/**
 * `GET /incidents`: what is in trouble, everywhere, in a cluster, a namespace, or behind an entity; `GET /impact`: what
 * breaks if an object goes; `GET /incidents/log`: incidents from when they opened until they were resolved.
 */
export function addIncidents(router: Router, services: RouteServices): void {
  const { topology, catalog } = services;

  router.get('/incidents', async (request, response) => {
    const { credentials, filter } = await services.access.reader(request);
    const { cluster, namespace, entityRef, limit } =
      queryOf<IncidentsQuery>(request);
    const keys =
      entityRef === undefined
        ? undefined
        : await ownKeys(entityRef, { credentials, filter });
    const found = await topology.incidents({
      filter,
      keys,
      ...(cluster !== undefined && { clusters: [cluster] }),
      limit: namespace === undefined ? limit : MOST_LOOKED_AT,
    });
    response.json(incidents(found, { namespace, limit }));
  });

  router.get('/impact', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const { key, limit, ...query } = queryOf<ImpactQuery>(request);
    const at = timeOf(query.at);
    const found = await topology
      .impact(key, { filter, limit, at })
      .catch(rethrowFaultOf);
    if (!found) {
      throw notVisible(key);
    }
    const impact: Impact = found;
    response.json(impact);
  });

  router.get('/incidents/log', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const { cluster, since, open, limit } = queryOf<LogQuery>(request);
    const from = timeOf(since);
    const records = await topology.incidentLog({
      filter,
      open,
      limit,
      ...(from !== undefined && { since: from }),
      ...(cluster !== undefined && { clusters: [cluster] }),
    });
    response.json(records.map(incidentRecord));
  });

  async function ownKeys(
    text: string,
    reader: {
      credentials: BackstageCredentials;
      filter: NodeFilter | undefined;
    },
  ): Promise<NodeKey[]> {
    const entityRef = entityRefOf(text);
    const { credentials, filter } = reader;
    const entity = await catalog.getEntityByRef(entityRef, { credentials });
    if (!entity) {
      throw new NotFoundError(
        `There is no entity ${entityRef} that you may see`,
      );
    }
    const { selections } = await entitySelections(entity, catalog, credentials);
    return (await topology.graph(selections, { filter })).own;
  }
}

function entityRefOf(text: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(text));
  } catch {
    throw new InputError(
      `${JSON.stringify(
        text,
      )} is no entity reference like component:default/name`,
    );
  }
}
