import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
} from './causalGraph';
import { isBound } from './claim';
import { Explainer, Finding, Quote, called, namespaceFlag } from './finding';
import { missingRoot } from './missingReference';
import { parseSchedulerMessage } from './schedulerMessage';
import { Symptom, symptomsOf, textsOf } from './symptom';

/** The scheduler waits for claims in these words (S038, S062, S063, S067, S074). */
const CLAIM_WORDS =
  /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "|persistentvolume "|available persistent volumes to bind|PVC is not bound|non-existent pv/;

/** A pod that waits for a claim: the scheduler or the kubelet says so, and the claim is not bound or not there. */
export const waitingForClaim: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(one =>
    textsOf(one).some(text => CLAIM_WORDS.test(text)),
  );
  if (!symptom) {
    return undefined;
  }
  const message = textsOf(symptom).find(text => CLAIM_WORDS.test(text))!;
  const named = /persistentvolumeclaim "([^"]+)"/.exec(message)?.[1];
  const claims = graph
    .dependencies(pod.key)
    .filter(({ node }) => isKind(node, 'PersistentVolumeClaim'))
    .filter(({ node }) =>
      named === undefined ? !isBound(node) : node.name === named,
    );
  const who = message.includes('nodes are available')
    ? 'the scheduler'
    : 'Kubernetes';
  const quote = { who, text: message };
  if (claims.length === 0) {
    return [
      {
        type: 'silent',
        because: `${called(
          pod,
        )} waits for a claim that is bound by now or not visible here: "${message}"`,
      },
    ];
  }
  const [first] = claims;
  if (/is being deleted/.test(message)) {
    return [
      beingDeleted(pod, first.node, { symptom, quote, edge: first.edge }),
    ];
  }
  if (first.node.verdict.level === 'unknown') {
    return [unseen(pod, first, { symptom, quote }, graph)];
  }
  const onlyClaims = parseSchedulerMessage(message).reasons.every(({ text }) =>
    CLAIM_WORDS.test(text),
  );
  return claims.map(({ node, edge }) => ({
    type: 'dependency',
    on: node.key,
    edge,
    confidence: onlyClaims ? 'proven' : 'likely',
    says: `${called(pod)} cannot be placed before claim ${node.name} is bound.`,
    evidence: symptom.evidence,
    quote,
  }));
};

interface Words {
  symptom: Symptom;
  quote: Quote;
}

/** S074: somebody has deleted the claim; it is kept for the pods that run, and for no other. */
function beingDeleted(
  pod: CausalGraphNode,
  claim: CausalGraphNode,
  { symptom, quote, edge }: Words & { edge: Dependency['edge'] },
): Finding {
  const { evidence, since } = claim.verdict;
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(pod)} cannot use claim ${
      claim.name
    }, which is being deleted.`,
    evidence: symptom.evidence,
    quote,
    rootEdge: edge,
    root: {
      node: claim,
      fault: 'ClaimBeingDeleted',
      predicate:
        'is being deleted: the pods that use it keep it until they end, and no new pod may use it',
      nextStep: `A deletion cannot be taken back. Save its data while a pod still has it, let that pod end, and create the claim anew: kubectl describe pvc ${
        claim.name
      }${namespaceFlag(claim)}`,
      evidence:
        evidence.length > 0
          ? evidence
          : [{ source: 'field', field: 'message', value: quote.text }],
      since,
    },
  };
}

/** A claim that cannot be read here: the scheduler's word that it is not there is proof, that it is not bound tells no more. */
function unseen(
  pod: CausalGraphNode,
  { node: claim, edge }: Dependency,
  { symptom, quote }: Words,
  graph: CausalGraph,
): Finding {
  const says = `${called(pod)} cannot be placed without claim ${claim.name}.`;
  return /" not found/.test(quote.text)
    ? {
        type: 'root',
        confidence: 'proven',
        says,
        evidence: symptom.evidence,
        quote,
        rootEdge: edge,
        root: missingRoot(claim, graph, [
          { source: 'field', field: 'message', value: quote.text },
        ]),
      }
    : {
        type: 'root',
        confidence: 'proven',
        says,
        evidence: symptom.evidence,
        quote,
        rootEdge: edge,
        root: {
          node: claim,
          fault: 'ClaimUnbound',
          predicate: 'is bound to no volume; why cannot be seen from here',
          nextStep: `See why it is not bound: kubectl describe pvc ${
            claim.name
          }${namespaceFlag(claim)}`,
          evidence: [{ source: 'field', field: 'message', value: quote.text }],
        },
      };
}
