import { condition, conditionEvidence } from './conditions';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { CERTIFICATE_SIGNING_REQUEST, NODE, SERVICE_ACCOUNT } from './kindIds';
import { observation, ownVerdict } from './metadata';
import { Reference } from './observation';
import { Verdict } from './status';
import { verdict } from './verdict';

const NODE_USER = /^system:node:(.+)$/;
const SERVICE_ACCOUNT_USER = /^system:serviceaccount:([^:]+):([^:]+)$/;

export const certificateSigningRequestKind: KindDefinition = {
  id: CERTIFICATE_SIGNING_REQUEST,
  type: 'certificatesigningrequest',
  version: 'v1',
  plural: 'certificatesigningrequests',
  namespaced: false,
  observe(request, context) {
    const { spec = {} } = request;
    return observation(CERTIFICATE_SIGNING_REQUEST, false, request, context, {
      properties: {
        Requestor: spec.username,
        Signer: spec.signerName,
        Issued: typeof request.status?.certificate === 'string',
      },
      verdict: ownVerdict(request, requestVerdict(request)),
      references: requestor(request),
    });
  },
};

/** R142: who asks, where it is an object of the cluster. */
function requestor({ spec }: KubernetesObject): Reference[] {
  const username = String(spec?.username ?? '');
  const node = NODE_USER.exec(username);
  const account = SERVICE_ACCOUNT_USER.exec(username);
  const type = 'certificatesigningrequest';
  if (node) {
    return [
      {
        relation: `${type}-node`,
        end: 'source',
        other: { kind: NODE, namespace: '', name: node[1] },
        // A request outlives its node by an hour.
        required: false,
      },
    ];
  }
  return account
    ? [
        {
          relation: `${type}-serviceaccount`,
          end: 'source',
          other: {
            kind: SERVICE_ACCOUNT,
            namespace: account[1],
            name: account[2],
          },
          required: false,
        },
      ]
    : [];
}

/**
 * `Failed` is a fault of the signer (H163). A denial is somebody's word, and an open request waits for it: in many
 * clusters nobody ever gives it, so that is no progress to wait for.
 */
function requestVerdict(request: KubernetesObject): Verdict {
  const failed = condition(request, 'Failed');
  if (failed?.status === 'True') {
    return verdict('down', failed.reason ?? 'Failed', {
      rule: 'H163',
      message: failed.message,
      since: failed.since,
      evidence: [conditionEvidence(failed)],
    });
  }
  const answered = ['Denied', 'Approved'].find(
    type => condition(request, type)?.status === 'True',
  );
  return verdict('ok', answered ?? 'Pending');
}
