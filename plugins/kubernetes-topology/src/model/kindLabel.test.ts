import { kindLabel } from './kindLabel';

it.each([
  ['Pod', '', 'Pod'],
  ['Deployment', 'apps', 'Deployment'],
  ['NetworkPolicy', 'networking.k8s.io', 'NetworkPolicy'],
  ['Gateway', 'gateway.networking.k8s.io', 'Gateway'],
  ['Gateway', 'networking.istio.io', 'Gateway (networking.istio.io)'],
  ['Service', 'serving.knative.dev', 'Service (serving.knative.dev)'],
])('%s of group %j is written %s', (kind, group, expected) => {
  expect(kindLabel({ kind, group })).toBe(expected);
});
