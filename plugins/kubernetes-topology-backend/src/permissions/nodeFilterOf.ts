import { PermissionCriteria } from '@backstage/plugin-permission-common';
import {
  isAndCriteria,
  isNotCriteria,
  isOrCriteria,
} from '@backstage/plugin-permission-node';
import { NodeFilter } from '@kubernetes-topology/engine';
import { NodeCondition } from './nodeResource';
import { Ownership } from './ownedEntities';

/** A policy's conditions as the engine takes them. `ownership` is only asked for when a condition needs it. */
export async function nodeFilterOf(
  criteria: PermissionCriteria<NodeCondition>,
  ownership: () => Promise<Ownership>,
): Promise<NodeFilter> {
  if (isAndCriteria(criteria)) {
    return { allOf: await all(criteria.allOf, ownership) };
  }
  if (isOrCriteria(criteria)) {
    return { anyOf: await all(criteria.anyOf, ownership) };
  }
  if (isNotCriteria(criteria)) {
    return { not: await nodeFilterOf(criteria.not, ownership) };
  }
  return 'ownedBy' in criteria
    ? (await ownership()).filter(criteria.ownedBy)
    : criteria;
}

async function all(
  parts: readonly PermissionCriteria<NodeCondition>[],
  ownership: () => Promise<Ownership>,
): Promise<NodeFilter[]> {
  return Promise.all(parts.map(part => nodeFilterOf(part, ownership)));
}
