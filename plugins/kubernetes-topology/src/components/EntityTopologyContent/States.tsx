import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Skeleton } from '@backstage/ui';
import {
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
  ClusterStatus,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import {
  RiErrorWarningLine,
  RiLoader4Line,
  RiLockLine,
  RiNodeTree,
} from '@remixicon/react';
import { ReactNode } from 'react';
import { Failure } from '../../hooks/failure';
import { topologyTranslationRef } from '../../translation';
import { SyncProgressBar } from '../SyncProgress';
import styles from './EntityTopologyContent.module.css';

function State(props: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className={styles.state}>
      <span className={styles.stateIcon}>{props.icon}</span>
      <h3>{props.title}</h3>
      {props.children}
    </div>
  );
}

/** The shape of what is coming. */
export function LoadingState() {
  const { t } = useTranslationRef(topologyTranslationRef);
  return (
    <div
      className={styles.content}
      role="status"
      aria-label={t('state.loading')}
    >
      <Skeleton height={20} width={320} />
      <Skeleton height={130} />
      <Skeleton height={420} />
    </div>
  );
}

/** No object belongs to the entity: how to make one belong. */
export function EmptyState(props: { entityName: string }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { entityName } = props;
  return (
    <State icon={<RiNodeTree size={40} />} title={t('state.emptyTitle')}>
      <p>{t('state.emptyText')}</p>
      <pre>
        {`metadata:
  annotations:
    # finds objects labelled ${ANNOTATION_KUBERNETES_ID}=${entityName}
    ${ANNOTATION_KUBERNETES_ID}: ${entityName}
    # or, instead, any label selector
    ${ANNOTATION_KUBERNETES_LABEL_SELECTOR}: app=${entityName}`}
      </pre>
    </State>
  );
}

/** Nothing is known yet because the clusters are being read for the first time: how far that is. */
export function SyncingState(props: { clusters: readonly ClusterStatus[] }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  return (
    <State icon={<RiLoader4Line size={40} />} title={t('state.syncingTitle')}>
      <p role="status">{t('state.syncingText')}</p>
      {props.clusters
        .filter(({ state }) => state === 'syncing')
        .map(({ name, progress }) => (
          <SyncProgressBar key={name} cluster={name} progress={progress} />
        ))}
    </State>
  );
}

/** Nothing to show and why. */
export function FailureState(props: { failure: Failure; onRetry(): void }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  if (props.failure.kind === 'forbidden') {
    return (
      <State icon={<RiLockLine size={40} />} title={t('state.forbiddenTitle')}>
        <p>{t('state.forbiddenText')}</p>
      </State>
    );
  }
  return (
    <State
      icon={<RiErrorWarningLine size={40} />}
      title={t('state.failedTitle')}
    >
      <p>{props.failure.message}</p>
      <Button variant="secondary" onPress={props.onRetry}>
        {t('state.retry')}
      </Button>
    </State>
  );
}
