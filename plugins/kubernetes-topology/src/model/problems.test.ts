import { StatusLevel } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { TopologyBuilder } from '../fixtures/topologyBuilder';
import { problemsOf } from './problems';

describe('problemsOf', () => {
  it.each<[StatusLevel, boolean, boolean]>([
    ['down', false, true],
    ['degraded', false, true],
    ['missing', true, true],
    ['missing', false, false],
    ['unknown', true, false],
    ['progressing', true, false],
    ['terminating', true, false],
    ['ok', true, false],
  ])('%s, required %s: %s', (level, required, problem) => {
    const build = new TopologyBuilder();
    const secret = build.add('Secret', 'shop', 'token', level);
    build.link(
      'pod-secret',
      build.add('Pod', 'shop', 'cart'),
      secret,
      required,
    );
    expect([...problemsOf(build.topology('component:default/cart'))]).toEqual(
      problem ? [secret.key] : [],
    );
  });
});
