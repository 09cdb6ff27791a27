import { Scenario } from './scenario';
import { REFUSED, forbidden, refused } from './templateRefusals';
import * as t from './templates';

function quota(
  reference: string,
  hard: Record<string, string>,
  used: Record<string, string>,
): t.Objects {
  return t.object('v1', 'ResourceQuota', reference, {
    spec: { hard },
    status: { hard, used },
  });
}

function limitRange(reference: string, limits: readonly object[]): t.Objects {
  return t.object('v1', 'LimitRange', reference, { spec: { limits } });
}

const EXCEEDED = forbidden(
  'exceeded quota: compute, requested: limits.memory=512Mi, used: limits.memory=1Gi, limited: limits.memory=1Gi',
);

export const quotaScenarios: readonly Scenario[] = [
  {
    id: 'S050',
    fault: 'a quota is used up: two of four pods are there',
    objects: t.world(
      refused(EXCEEDED, { replicas: 4, created: 2, age: t.OLD }),
      quota(
        'shop/compute',
        { 'limits.memory': '1Gi', pods: '20' },
        { 'limits.memory': '1Gi', pods: '4' },
      ),
      quota('shop/objects', { configmaps: '5' }, { configmaps: '5' }),
      quota('other/compute', { pods: '2' }, { pods: '2' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      faults: ['QuotaExceeded'],
      affected: REFUSED,
      says: ['limits.memory', '1Gi of 1Gi', '512Mi', '2Gi'],
    },
  },
  {
    id: 'S050b',
    fault: 'a quota was lowered below what is in use',
    objects: t.world(
      refused(
        forbidden(
          'exceeded quota: compute, requested: pods=1, used: pods=6, limited: pods=4',
        ),
        { replicas: 4, created: 3, age: t.OLD },
      ),
      quota('shop/compute', { pods: '4' }, { pods: '6' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      says: ['below what is in use'],
      affected: REFUSED,
    },
  },
  {
    id: 'S050c',
    fault: 'a quota refuses a StatefulSet, which says so in an event only',
    objects: t.world(
      t.statefulSet('shop/db', {
        age: t.FAULT,
        refused:
          'pods "db-0" is forbidden: exceeded quota: compute, requested: requests.cpu=2, used: requests.cpu=3, limited: requests.cpu=4',
      }),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
      quota('shop/compute', { 'requests.cpu': '4' }, { 'requests.cpu': '3' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      affected: ['StatefulSet/shop/db'],
      says: ['requests.cpu', '3 of 4'],
    },
  },
  {
    id: 'S050d',
    fault: 'one pod alone asks for more than the whole quota',
    objects: t.world(
      refused(
        forbidden(
          'exceeded quota: compute, requested: requests.memory=8Gi, used: requests.memory=0, limited: requests.memory=4Gi',
        ),
      ),
      quota(
        'shop/compute',
        { 'requests.memory': '4Gi' },
        { 'requests.memory': '0' },
      ),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      says: ['asks for more requests.memory than the whole quota'],
      affected: REFUSED,
    },
  },
  {
    id: 'S050e',
    fault:
      'a quota refuses the pods of a Job, and nothing but the event names it',
    objects: t.world(
      t.job('shop/import', {
        age: t.FAULT,
        refused:
          'pods "import-x7k2p" is forbidden: exceeded quota: batch, requested: pods=1, used: pods=5, limited: pods=5',
        status: {},
      }),
      quota('shop/batch', { pods: '5' }, { pods: '5' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/batch'],
      affected: ['Job/shop/import'],
    },
  },
  {
    id: 'S050f',
    fault: 'quotas are used up, and nobody asks for more',
    objects: t.world(
      t.deployment('shop/cart'),
      quota('shop/compute', { pods: '2' }, { pods: '2' }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S051',
    fault: 'a quota on memory refuses pods that do not say how much they need',
    objects: t.world(
      refused(
        forbidden('failed quota: mem: must specify limits.memory for: app'),
        { container: { resources: {} } },
      ),
      quota('shop/mem', { 'limits.memory': '4Gi' }, { 'limits.memory': '0' }),
    ),
    expects: {
      roots: ['ResourceQuota/shop/mem'],
      faults: ['QuotaDemandsValues'],
      affected: REFUSED,
      says: ['must specify limits.memory', 'LimitRange'],
    },
  },
  {
    id: 'S052',
    fault: 'a LimitRange allows less memory than a container asks for',
    objects: t.world(
      refused(
        forbidden(
          'maximum memory usage per Container is 512Mi, but limit is 1Gi',
        ),
        { container: { resources: { limits: { memory: '1Gi' } } } },
      ),
      limitRange('shop/bounds', [
        { type: 'Container', max: { memory: '512Mi' } },
      ]),
      limitRange('shop/defaults', [
        { type: 'Container', default: { memory: '128Mi' } },
      ]),
      limitRange('other/bounds', [
        { type: 'Container', max: { memory: '512Mi' } },
      ]),
    ),
    expects: {
      roots: ['LimitRange/shop/bounds'],
      affected: REFUSED,
      says: ['512Mi', '1Gi'],
    },
  },
  {
    id: 'S052b',
    fault:
      'a LimitRange demands more CPU than a container asks for, and a smaller ratio',
    objects: t.world(
      refused(
        forbidden(
          '[minimum cpu usage per Container is 200m, but request is 100m, memory max limit to request ratio per Container is 2, but provided ratio is 4.000000]',
        ),
      ),
      limitRange('shop/bounds', [
        {
          type: 'Container',
          min: { cpu: '200m' },
          maxLimitRequestRatio: { memory: '2' },
        },
      ]),
    ),
    expects: {
      roots: ['LimitRange/shop/bounds'],
      affected: REFUSED,
      says: ['200m', 'ratio'],
    },
  },
];
