import { CERTIFICATE_SIGNING_REQUEST } from '../kinds/kindIds';
import { Explainer, called } from './finding';
import { isLost } from './node';

/** A kubelet asks for its next certificate long before the last one expires; a clock may be off a little. */
const SLACK = 10 * 60_000;
const MINUTE = 60_000;
/** The one for its own identity; serving certificates are left open in many clusters. */
const CLIENT = 'kubernetes.io/kube-apiserver-client-kubelet';

/** A node that fell silent while its request for a new client certificate was open, or had been refused (S112). */
export const certificatePending: Explainer = (node, graph) => {
  const { since } = node.verdict;
  if (!isLost(node) || node.verdict.reason !== 'Unreachable') {
    return undefined;
  }
  const requests = graph.inventory({
    cluster: node.cluster,
    kind: CERTIFICATE_SIGNING_REQUEST,
  });
  const open = (requests?.nodes ?? [])
    .filter(
      ({ properties, verdict }) =>
        properties.Requestor === `system:node:${node.name}` &&
        properties.Signer === CLIENT &&
        properties.Issued !== true &&
        verdict.reason !== 'Approved',
    )
    .filter(
      ({ createdAt }) =>
        createdAt !== undefined && createdAt <= (since ?? Infinity) + SLACK,
    )
    .sort((a, b) => b.createdAt! - a.createdAt!)[0];
  if (!open) {
    return undefined;
  }
  const { createdAt = 0, verdict, name } = open;
  const minutes = Math.round((graph.now - createdAt) / MINUTE);
  const age =
    minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  const state =
    verdict.reason === 'Pending' ? 'pending approval' : verdict.reason;
  const evidence = [
    {
      source: 'field' as const,
      field: 'status.conditions',
      value: state,
      since: createdAt,
    },
    {
      source: 'field' as const,
      field: 'spec.username',
      value: `system:node:${node.name}`,
    },
  ];
  return [
    {
      type: 'root',
      confidence: 'likely',
      says: `${called(
        node,
      )} lost contact: its kubelet waits for a new certificate.`,
      evidence: node.verdict.evidence,
      root: {
        node: open,
        fault: 'CertificatePending',
        predicate: `of node ${node.name} is ${state} since ${age}`,
        nextStep: `If it is the node's own, approve it: kubectl certificate approve ${name}. Then see why nobody does so by itself`,
        evidence,
        since: createdAt,
      },
    },
  ];
};
