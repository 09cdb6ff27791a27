import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { ClusterStatus } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import { RelativeTime } from '../RelativeTime';

/** What cannot be seen now, and what that means for the picture. */
export function ClusterNotices(props: { clusters: readonly ClusterStatus[] }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const kindsIn = (
    cluster: ClusterStatus,
    state: ClusterStatus['kinds'][number]['state'],
  ) =>
    cluster.kinds
      .filter(kind => kind.state === state)
      .map(kind => kind.kind)
      .join(', ');
  const notices = props.clusters.flatMap(cluster => {
    const { name, message } = cluster;
    const forbidden = kindsIn(cluster, 'forbidden');
    const failing = kindsIn(cluster, 'failing');
    return [
      ...(cluster.state === 'syncing'
        ? [<>{t('cluster.syncing', { name })}</>]
        : []),
      ...(cluster.state === 'failing'
        ? [
            <>
              {t('cluster.failing', {
                name,
                message,
                when: <RelativeTime at={cluster.at} />,
              })}
            </>,
          ]
        : []),
      ...(forbidden
        ? [<>{t('cluster.forbidden', { name, kinds: forbidden })}</>]
        : []),
      ...(failing && cluster.state !== 'failing'
        ? [<>{t('cluster.kindFailing', { name, kinds: failing })}</>]
        : []),
    ];
  });
  if (notices.length === 0) {
    return null;
  }
  const failing = props.clusters.some(cluster => cluster.state === 'failing');
  return (
    <Alert
      status={failing ? 'warning' : 'info'}
      icon
      title={t('cluster.title')}
      description={
        <>
          {notices.map((notice, index) => (
            // The order is fixed by the clusters.
            // eslint-disable-next-line react/no-array-index-key
            <div key={index}>{notice}</div>
          ))}
        </>
      }
    />
  );
}
