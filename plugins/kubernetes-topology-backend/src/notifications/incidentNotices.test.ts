import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { Incident, IncidentChange, NodeKey } from '@kubernetes-topology/engine';
import { EntityIndex } from '../documents/entityIndex';
import { Ownership } from '../permissions/ownedEntities';
import { InMemoryTopology } from '../__testUtils__/inMemoryTopology';
import { storedNode } from '../__testUtils__/storedNode';
import { IncidentNotices } from './incidentNotices';

const secret = 'demo/Secret/shop/password' as NodeKey;
const cart = 'demo/Pod/shop/cart-1' as NodeKey;
const stranger = 'demo/Pod/shop/stranger' as NodeKey;

const component: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'cart',
    namespace: 'default',
    annotations: { 'backstage.io/kubernetes-id': 'cart' },
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/buyers' }],
};

function change(
  type: IncidentChange['type'],
  affected: NodeKey[],
  severity: Incident['severity'] = 'critical',
  id = 'one',
): IncidentChange {
  return {
    type,
    record: {
      cluster: 'demo',
      openedAt: 5,
      changedAt: 5,
      incident: {
        id,
        fault: 'MissingSecret',
        severity,
        root: { key: secret, kind: 'Secret', name: 'password' },
        summary: 'Pod cart-1 is down because Secret password does not exist.',
        nextStep: 'kubectl create secret …',
        affected: affected.map(key => ({ key })),
      } as unknown as Incident,
    },
  };
}

function setUp() {
  const sent: any[] = [];
  let fails = false;
  let now = 0;
  const logger = mockServices.logger.mock();
  const notices = new IncidentNotices({
    notifications: {
      send: async notice => {
        if (fails) {
          throw new Error('no such plugin');
        }
        sent.push(notice);
      },
    },
    topology: new InMemoryTopology([
      storedNode(secret),
      storedNode(cart, { labels: { 'backstage.io/kubernetes-id': 'cart' } }),
      storedNode(stranger),
    ]),
    ownership: async () => Ownership.of([component]),
    entities: async () => EntityIndex.of([component]),
    logger,
    now: () => now,
  });
  return {
    notices,
    sent,
    logger,
    fail: () => {
      fails = true;
    },
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('notices of incidents', () => {
  it('go to the owners of affected entities, and lead to the tab', async () => {
    const { notices, sent } = setUp();
    await notices.tell([change('opened', [cart, stranger])]);
    expect(sent).toEqual([
      {
        recipients: { type: 'entity', entityRef: ['group:default/buyers'] },
        payload: {
          title: 'Secret password: missing secret',
          description:
            'Pod cart-1 is down because Secret password does not exist.\n\nkubectl create secret …',
          severity: 'critical',
          topic: 'kubernetes-topology.incidents',
          scope: 'one-5',
          link: '/catalog/default/component/cart/topology?node=demo%2FSecret%2Fshop%2Fpassword',
        },
      },
    ]);
  });

  it('are one an incident: its end goes to the same people in the same notice', async () => {
    const { notices, sent } = setUp();
    await notices.tell([
      change('opened', [cart]),
      change('changed', [cart]),
      change('resolved', []),
    ]);
    expect(
      sent.map(({ recipients, payload }) => [
        recipients.entityRef,
        payload.scope,
        payload.severity,
      ]),
    ).toEqual([
      [['group:default/buyers'], 'one-5', 'critical'],
      [['group:default/buyers'], 'one-5', 'low'],
    ]);
  });

  it.each<[string, IncidentChange[]]>([
    ['what belongs to nobody', [change('opened', [stranger])]],
    ['what serves as before', [change('opened', [cart], 'info')]],
    ['the end of what was not told', [change('resolved', [cart])]],
  ])('are not made of %s', async (_, changes) => {
    const { notices, sent } = setUp();
    await notices.tell(changes);
    expect(sent).toEqual([]);
  });

  it('are limited in a minute', async () => {
    const { notices, sent, wait } = setUp();
    const many = (from: number) =>
      Array.from({ length: 30 }, (_, nth) =>
        change('opened', [cart], 'critical', `${from + nth}`),
      );
    await notices.tell(many(0));
    expect(sent).toHaveLength(20);
    wait(60_001);
    await notices.tell(many(100));
    expect(sent).toHaveLength(40);
  });

  it('break nothing when they cannot be sent, and say so once', async () => {
    const { notices, logger, fail } = setUp();
    fail();
    await notices.tell([
      change('opened', [cart], 'critical', 'a'),
      change('opened', [cart], 'critical', 'b'),
    ]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});
