import { createConditionExports } from '@backstage/plugin-permission-node';
import { topologyNodeResourceRef } from './nodeResource';
import { topologyNodeRules } from './rules';

const exported = createConditionExports({
  resourceRef: topologyNodeResourceRef,
  rules: topologyNodeRules,
});

/** For the portal's permission policy: conditions on nodes. */
export const topologyConditions = exported.conditions;

/** For the portal's permission policy: a decision that holds for the nodes that meet the conditions. */
export const createTopologyConditionalDecision =
  exported.createConditionalDecision;
