import { drainBlocked } from './drain';
import { Explainer } from './finding';
import { nodeItself } from './node';
import { certificatePending } from './nodeCertificate';
import { labelGone } from './nodeLabel';
import { nodeWithoutNetwork, sandboxWithoutNetwork } from './nodeNetwork';
import { evicted, underPressure } from './nodePressure';
import { lostWithZone } from './nodeZone';

/** What a node suffers from, the widest first; else it is where it starts (S101–S112). */
export const NODE_FAULTS: readonly Explainer[] = [
  lostWithZone,
  certificatePending,
  nodeWithoutNetwork,
  underPressure,
  drainBlocked,
  nodeItself,
];

/** What a pod suffers from its node, beside its loss. */
export const BY_NODE: readonly Explainer[] = [
  evicted,
  sandboxWithoutNetwork,
  labelGone,
];
