import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { Failure } from '../../hooks/failure';
import { topologyTranslationRef } from '../../translation';

/** Why there is no answer, or, `stale`, why the one below is an old one. */
export function HealthFailure(props: {
  failure: Failure;
  onRetry(): void;
  stale?: boolean;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { failure, onRetry, stale } = props;
  if (failure.kind === 'forbidden') {
    return (
      <Alert
        status="info"
        icon
        title={t('health.forbiddenTitle')}
        description={t('health.forbiddenText')}
      />
    );
  }
  if (failure.kind === 'absent') {
    return (
      <Alert
        status="warning"
        icon
        title={t('health.absentTitle')}
        description={t('health.absentText')}
      />
    );
  }
  return (
    <Alert
      status="warning"
      icon
      title={stale ? t('state.staleTitle') : t('health.failedTitle')}
      description={failure.message}
      customActions={
        <Button size="small" variant="tertiary" onPress={onRetry}>
          {t('state.retry')}
        </Button>
      }
    />
  );
}
