import * as t from './templates';

const PODS = {
  operations: ['CREATE'],
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['pods'],
};

interface WebhookParts {
  kind?: 'Validating' | 'Mutating';
  webhook?: string;
  service?: string;
  failurePolicy?: 'Fail' | 'Ignore';
  timeout?: number;
  more?: object;
  parts?: t.ObjectParts;
}

/** A configuration of one webhook that is asked about new pods. */
export function webhook(name: string, options: WebhookParts = {}): t.Objects {
  const { kind = 'Validating', webhook: own = 'v.acme.io' } = options;
  const { namespace, name: service } = t.placeOf(options.service ?? 'acme/wh');
  return t.object(
    'admissionregistration.k8s.io/v1',
    `${kind}WebhookConfiguration`,
    name,
    {
      ...options.parts,
      fields: {
        webhooks: [
          {
            name: own,
            clientConfig: {
              service: {
                namespace,
                name: service,
                path: '/validate',
                port: 443,
              },
            },
            rules: [PODS],
            failurePolicy: options.failurePolicy ?? 'Fail',
            timeoutSeconds: options.timeout ?? 10,
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            ...options.more,
          },
        ],
      },
    },
  );
}
