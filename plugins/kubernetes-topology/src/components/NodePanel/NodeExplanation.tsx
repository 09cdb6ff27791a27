import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { useExplanation } from '../../hooks/useNodeDetails';
import { topologyTranslationRef } from '../../translation';
import { CausalChain } from '../CausePanel';
import styles from './NodePanel.module.css';

/** Why this object is down, as the analysis tells it. */
export function NodeExplanation(props: {
  nodeKey: string;
  revision: number;
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { value, failure, loading } = useExplanation(
    props.nodeKey,
    props.revision,
  );
  if (loading) {
    return <Skeleton height={60} />;
  }
  if (!value) {
    return <span className={styles.quiet}>{failure?.message}</span>;
  }
  switch (value.answer) {
    case 'healthy':
      return <span className={styles.quiet}>{t('panel.healthy')}</span>;
    case 'unexplained':
      return (
        <span className={styles.quiet}>
          {t('panel.unexplained', { because: value.because })}
        </span>
      );
    default:
      return (
        <>
          {value.causes.map(cause => (
            <div key={cause.root.key} className={styles.group}>
              <p className={styles.message}>{cause.summary}</p>
              <p className={styles.message}>
                <span className={styles.quiet}>{t('cause.nextStep')}: </span>
                {cause.nextStep}
              </p>
              <div style={{ marginTop: 8 }}>
                <CausalChain path={cause.path} onSelect={props.onSelect} />
              </div>
            </div>
          ))}
        </>
      );
  }
}
