import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Skeleton,
} from '@backstage/ui';
import {
  RestartRun,
  RestartTarget,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { RestartState, useRestart } from '../../hooks/useRestart';
import { topologyTranslationRef } from '../../translation';
import styles from './RestartDialog.module.css';
import { RestartSteps } from './RestartSteps';

/** Pods that a plan means to restart; the others are refused, or ending already. */
function restartable(plan: RestartRun): number {
  return plan.pods.filter(pod => pod.step.state === 'waiting').length;
}

/** Pods that a restart waits for. */
function expected(run: RestartRun): number {
  return run.pods.filter(pod => pod.step.state !== 'refused').length;
}

function done(run: RestartRun): number {
  return run.pods.filter(pod => pod.step.state === 'done').length;
}

/** A restart from its plan over the confirmation to its end. Closing it lets a running restart go on. */
export function RestartDialog(props: {
  target: RestartTarget;
  /** What the user chose to restart from. */
  node: TopologyNode;
  onClose(): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { node } = props;
  const { state, confirm } = useRestart(props.target);
  const plan =
    state.stage === 'planned' || state.stage === 'starting'
      ? state.plan
      : undefined;
  const count = plan ? restartable(plan) : 0;
  return (
    <Dialog
      isOpen
      isDismissable
      width={620}
      onOpenChange={open => {
        if (!open) props.onClose();
      }}
    >
      <DialogHeader>
        {node.kind === 'Pod'
          ? t('restart.titlePod', { name: node.name })
          : t('restart.titleDependents', { kind: node.kind, name: node.name })}
      </DialogHeader>
      <DialogBody className={styles.body}>
        <RestartBody state={state} />
      </DialogBody>
      <DialogFooter>
        {plan && count > 0 ? (
          <>
            <Button
              destructive
              isPending={state.stage === 'starting'}
              onPress={confirm}
            >
              {t('restart.confirm', { count })}
            </Button>
            <Button variant="secondary" onPress={props.onClose}>
              {t('restart.cancel')}
            </Button>
          </>
        ) : (
          <Button variant="secondary" onPress={props.onClose}>
            {t('restart.close')}
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}

function RestartBody(props: { state: RestartState }) {
  const { state } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  switch (state.stage) {
    case 'planning':
      return (
        <div role="status" aria-label={t('restart.planning')}>
          <p>{t('restart.planning')} …</p>
          <Skeleton height={56} />
        </div>
      );
    case 'failed':
      return (
        <Alert
          status="danger"
          icon
          title={t('restart.requestFailed')}
          description={state.failure.message}
        />
      );
    case 'followed':
      return <RestartProgress run={state.run} lost={state.lost?.message} />;
    default: {
      const { plan } = state;
      if (plan.pods.length === 0) {
        return <p>{t('restart.nothing')}</p>;
      }
      return (
        <>
          <p>
            {restartable(plan) > 0
              ? t('restart.planText')
              : t('restart.nothingPossible')}
          </p>
          <RestartSteps run={plan} />
        </>
      );
    }
  }
}

function RestartProgress(props: { run: RestartRun; lost?: string }) {
  const { run, lost } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  const finished = done(run);
  return (
    <>
      <div role="status" className={styles.progress}>
        {run.state === 'done' && t('restart.done', { count: finished })}
        {run.state === 'failed' && t('restart.failed')}
        {run.state === 'running' &&
          t('restart.running', {
            done: String(finished),
            total: String(expected(run)),
          })}
      </div>
      {lost && (
        <Alert
          status="warning"
          icon
          title={t('restart.lost')}
          description={lost}
          mb="3"
        />
      )}
      <RestartSteps run={run} />
    </>
  );
}
