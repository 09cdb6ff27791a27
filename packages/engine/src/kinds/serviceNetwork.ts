import { genericVerdict } from './genericHealth';
import { KindDefinition } from './kindDefinition';
import { IP_ADDRESS, SERVICE, SERVICE_CIDR } from './kindIds';
import { deletionVerdict, existenceVerdict, observation } from './metadata';

/** The object that reserves a Service's address (R071). */
export const ipAddressKind: KindDefinition = {
  id: IP_ADDRESS,
  type: 'ipaddress',
  version: 'v1',
  readableVersions: ['v1beta1', 'v1alpha1'],
  plural: 'ipaddresses',
  namespaced: false,
  observe(address, context) {
    const { resource, namespace, name } = address.spec?.parentRef ?? {};
    return observation(IP_ADDRESS, false, address, context, {
      properties: {},
      verdict: existenceVerdict(address),
      references:
        resource === 'services' && namespace && name
          ? [
              {
                relation: 'service-ipaddress',
                end: 'target',
                other: { kind: SERVICE, namespace, name },
                // An address outlives its Service for a moment and misses nothing then.
                required: false,
              },
            ]
          : [],
    });
  },
};

/** A range of Services' addresses; it is not ready while it goes, or before a controller has taken it (R071). */
export const serviceCidrKind: KindDefinition = {
  id: SERVICE_CIDR,
  type: 'servicecidr',
  version: 'v1',
  readableVersions: ['v1beta1', 'v1alpha1'],
  plural: 'servicecidrs',
  namespaced: false,
  observe(range, context) {
    return observation(SERVICE_CIDR, false, range, context, {
      properties: { CIDRs: range.spec?.cidrs ?? [] },
      verdict:
        deletionVerdict(range) ?? genericVerdict(range, { statusless: true }),
    });
  },
};
