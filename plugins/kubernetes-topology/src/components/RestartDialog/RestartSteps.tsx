import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  RestartRun,
  RestartStep,
  StatusLevel,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import { StatusShape } from '../StatusShape';
import styles from './RestartDialog.module.css';

const STEP_LEVEL: Readonly<Record<RestartStep['state'], StatusLevel>> = {
  waiting: 'idle',
  evicting: 'terminating',
  starting: 'progressing',
  done: 'ok',
  refused: 'suspended',
  failed: 'down',
};

/** The pods of a restart in their order, each with how far it is. */
export function RestartSteps(props: { run: RestartRun }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  // In a plan only those that are left out have something to say.
  const planned = props.run.state === 'planned';
  return (
    <ol className={styles.steps} aria-label={t('restart.steps')}>
      {props.run.pods.map(
        ({ key, name, namespace, controller, step }, index) => {
          const left =
            step.state === 'refused' || (planned && step.state === 'done');
          const notes = [namespace];
          if (controller) {
            notes.push(t('restart.by', { controller }));
          } else if (!left) {
            notes.push(t('restart.never'));
          }
          if ('replacement' in step && step.replacement) {
            notes.push(`→ ${step.replacement}`);
          }
          return (
            <li key={key} className={styles.step} data-left={left || undefined}>
              <span className={styles.number}>{index + 1}.</span>
              <div>
                <div className={styles.pod}>{name}</div>
                <div className={styles.note}>{notes.join(' · ')}</div>
                {'message' in step && (
                  <div className={styles.note}>{step.message}</div>
                )}
              </div>
              {(!planned || left) && (
                <span
                  className={styles.state}
                  data-bad={step.state === 'failed' || undefined}
                  data-good={step.state === 'done' || undefined}
                >
                  <StatusShape level={STEP_LEVEL[step.state]} />
                  {planned && step.state === 'done'
                    ? t('restart.ending')
                    : t(`restart.step.${step.state}`)}
                </span>
              )}
            </li>
          );
        },
      )}
    </ol>
  );
}
