import { Scenario } from './scenario';
import * as t from './templates';

const READS_AT_START = {
  env: [
    {
      name: 'PASSWORD',
      valueFrom: { secretKeyRef: { name: 'smtp', key: 'password' } },
    },
  ],
};

export const staleScenarios: readonly Scenario[] = [
  {
    id: 'X1',
    fault: 'a Secret was written anew after the pods that read it had started',
    objects: t.world(
      t.deployment('mail/sender', { container: READS_AT_START }),
      t.secret('mail/smtp', ['password'], { changed: 30 }),
    ),
    expects: {
      roots: ['Secret/mail/smtp'],
      faults: ['StaleConfiguration'],
      says: ['rollout restart deployment/sender'],
    },
  },
  {
    id: 'X2',
    fault: 'none: the pods were restarted after the Secret had changed',
    objects: t.world(
      t.deployment('mail/sender', { container: READS_AT_START, age: 20 }),
      t.secret('mail/smtp', ['password'], { changed: 30 }),
    ),
    expects: { nothing: true },
  },
];
