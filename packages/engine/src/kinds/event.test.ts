import { ago, object } from './__testUtils__/objects';
import { eventKind } from './event';
import { MalformedObjectError } from './metadata';

const CONTEXT = { cluster: 'c', now: 0 };
const time = (secondsAgo: number) => Date.parse(ago(secondsAgo));

const event = (parts: {}) =>
  object({
    metadata: { name: 'cart-1.18e', namespace: 'shop' },
    involvedObject: {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'shop',
      name: 'cart-1',
      uid: '22a26136-f942-473d-b349-99d2050d9951',
    },
    reason: 'FailedMount',
    message: 'says so',
    type: 'Warning',
    source: { component: 'kubelet', host: 'n' },
    firstTimestamp: ago(60),
    lastTimestamp: ago(5),
    count: 3,
    eventTime: null,
    ...parts,
  });

describe('an Event', () => {
  it.each<[string, {}, {}]>([
    [
      "of the kubelet's",
      {},
      {
        key: 'c/Event/shop/cart-1.18e',
        about: 'c/Pod/shop/cart-1',
        aboutUid: '22a26136-f942-473d-b349-99d2050d9951',
        reason: 'FailedMount',
        eventType: 'Warning',
        count: 3,
        firstAt: time(60),
        lastAt: time(5),
        source: 'kubelet',
      },
    ],
    [
      "of the scheduler's: eventTime, no count, empty source",
      {
        eventTime: ago(30),
        firstTimestamp: null,
        lastTimestamp: null,
        count: undefined,
        source: {},
        reportingComponent: 'default-scheduler',
      },
      {
        firstAt: time(30),
        lastAt: time(30),
        count: 1,
        source: 'default-scheduler',
      },
    ],
    [
      'as a series',
      {
        eventTime: ago(90),
        firstTimestamp: null,
        lastTimestamp: null,
        series: { count: 7, lastObservedTime: ago(3) },
      },
      { firstAt: time(90), lastAt: time(3), count: 7 },
    ],
    [
      "about a node, with the node's name as uid",
      {
        metadata: { name: 'n1.1', namespace: 'default' },
        involvedObject: {
          apiVersion: 'v1',
          kind: 'Node',
          name: 'n1',
          uid: 'n1',
          namespace: 'default',
        },
      },
      { about: 'c/Node//n1', aboutUid: undefined },
    ],
    [
      'about an object of a group',
      {
        involvedObject: {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          namespace: 'shop',
          name: 'r',
        },
      },
      { about: 'c/ReplicaSet.apps/shop/r', aboutUid: undefined },
    ],
  ])('%s', (_, parts, expected) => {
    expect({
      aboutUid: undefined,
      ...eventKind.observe(event(parts), CONTEXT),
    }).toMatchObject(expected);
  });

  it('about nothing is refused', () => {
    expect(() =>
      eventKind.observe(event({ involvedObject: {} }), CONTEXT),
    ).toThrow(MalformedObjectError);
  });
});
