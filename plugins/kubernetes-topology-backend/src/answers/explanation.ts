import {
  CausalHop as EngineHop,
  Explanation as EngineExplanation,
  RootCause as EngineRootCause,
} from '@kubernetes-topology/engine';
import {
  CausalHop,
  Explanation,
  RootCause,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { causalTopologyNode } from './topologyNode';

export function explanation(found: EngineExplanation): Explanation {
  const victim = causalTopologyNode(found.victim);
  switch (found.answer) {
    case 'cause':
      return { answer: 'cause', victim, causes: found.causes.map(rootCause) };
    case 'healthy':
      return { answer: 'healthy', victim };
    default:
      return { answer: 'unexplained', victim, because: found.because };
  }
}

export function rootCause(cause: EngineRootCause): RootCause {
  return {
    root: causalTopologyNode(cause.root),
    fault: cause.fault,
    confidence: cause.confidence,
    since: cause.since,
    summary: cause.summary,
    nextStep: cause.nextStep,
    path: cause.path.map(causalHop),
  };
}

export function causalHop({
  node,
  edge,
  says,
  evidence,
}: EngineHop): CausalHop {
  return { node: causalTopologyNode(node), edge, says, evidence };
}
